// SPDX-License-Identifier: GPL-2.0-only
#ifndef SLUB_NATIVE_STATISTICS_HPP
#define SLUB_NATIVE_STATISTICS_HPP

#include <algorithm>
#include <cmath>
#include <vector>

namespace statistics
{

// Those that are numbers.
inline std::vector<double> present(std::vector<double> values)
{
	values.erase(std::remove_if(values.begin(), values.end(),
				    [](double value) { return std::isnan(value); }),
		     values.end());
	return values;
}

// The value below which the given part of all values is; NaN, if there is none.
inline double quantile(const std::vector<double> &all, double part)
{
	std::vector<double> values = present(all);

	if (values.empty())
		return NAN;
	const auto place = values.begin() + static_cast<long>(part * (values.size() - 1) + 0.5);

	std::nth_element(values.begin(), place, values.end());
	return *place;
}

inline double median(const std::vector<double> &values)
{
	return quantile(values, 0.5);
}

// How far the middle half of the values is apart, over their median.
inline double spread(const std::vector<double> &values)
{
	const double middle = median(values);

	return middle ? (quantile(values, 0.75) - quantile(values, 0.25)) / middle : 0;
}

} // namespace statistics

#endif
