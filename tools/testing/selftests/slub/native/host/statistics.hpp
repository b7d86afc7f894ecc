// SPDX-License-Identifier: GPL-2.0-only
#ifndef SLUB_NATIVE_STATISTICS_HPP
#define SLUB_NATIVE_STATISTICS_HPP

#include <algorithm>
#include <vector>

namespace statistics
{

// The value below which the given part of all values is; of at least one.
inline double quantile(std::vector<double> values, double part)
{
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
