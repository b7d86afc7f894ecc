// SPDX-License-Identifier: GPL-2.0-only
// What "make record" has got out of a guest: a file of trace-cmd's, and a list of the caches.
#ifndef SLUB_NATIVE_RECORDING_HPP
#define SLUB_NATIVE_RECORDING_HPP

#include <string>

#include "trace.hpp"

namespace recording
{

// The first @limit events; all of them if it is 0. Throws std::runtime_error, also if events were
// lost. @caches has a line a cache: its name, size of an object, size that it takes, alignment,
// flags.
trace::Trace convert(const std::string &file, const std::string &caches, size_t limit);

} // namespace recording

#endif
