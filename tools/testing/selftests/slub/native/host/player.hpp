// SPDX-License-Identifier: GPL-2.0-only
// Do what a trace says to the allocator, each CPU what it did when the trace was recorded.
#ifndef SLUB_NATIVE_PLAYER_HPP
#define SLUB_NATIVE_PLAYER_HPP

#include <nlohmann/json.hpp>

#include "trace.hpp"

namespace player
{

// On a machine that is booted. Throws std::runtime_error. The answer has
//
// - "bytes": "peak held", "peak live", and "end shrunk", what is held at the end of the trace when
//   all caches are shrunk, before anything more is freed;
// - "pages": "freed", what is held when all objects are freed and some time has passed, and
//   "shrunk", when all caches are shrunk again;
// - "samples": lists of the same length: "time" in seconds, bytes "held" and "live" then; "events"
//   since the sample before, and the "cycles" that they took.
//
// Held is what pages the allocator has more than when the caches were created; live is the sum of
// what objects were asked for.
nlohmann::json play(const trace::Trace &trace);

} // namespace player

#endif
