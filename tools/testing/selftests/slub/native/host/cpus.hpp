// SPDX-License-Identifier: GPL-2.0-only
// CPUs: threads with a per-CPU area, each pinned to a processor of the host.
#ifndef SLUB_NATIVE_CPUS_HPP
#define SLUB_NATIVE_CPUS_HPP

#include <functional>

namespace cpus
{

void start();
void run(unsigned cpu, const std::function<void()> &what);
void run_all(const std::function<void(unsigned cpu)> &what);
void run_alone(const std::function<void()> &what);
void keep_awake(bool on);
bool poll();

} // namespace cpus

#endif
