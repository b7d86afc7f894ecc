// SPDX-License-Identifier: GPL-2.0-only
#ifndef SLUB_NATIVE_STATISTICS_HPP
#define SLUB_NATIVE_STATISTICS_HPP

#include <algorithm>
#include <cmath>
#include <numeric>
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

// The mean of the values without the least and the greatest of them, @edge(their number) each.
template <typename Edge>
double trimmed_mean(const std::vector<double> &all, Edge edge)
{
	std::vector<double> values = present(all);

	if (values.empty())
		return NAN;
	const size_t cut = edge(values.size());

	std::sort(values.begin(), values.end());
	return std::accumulate(values.begin() + cut, values.end() - cut, 0.0) /
	       (values.size() - 2 * cut);
}

// Of an even number of values the mean of the two in the middle.
inline double median(const std::vector<double> &all)
{
	return trimmed_mean(all, [](size_t count) { return (count - 1) / 2; });
}

// The mean of the middle half of the values: for such as the clock's steps are too coarse for.
inline double middle_mean(const std::vector<double> &all)
{
	return trimmed_mean(all, [](size_t count) { return count / 4; });
}

// How far the middle half of the values is apart, over their median.
inline double spread(const std::vector<double> &values)
{
	const double middle = median(values);

	return middle ? (quantile(values, 0.75) - quantile(values, 0.25)) / middle : 0;
}

} // namespace statistics

#endif
