// SPDX-License-Identifier: GPL-2.0-only
// The kernel's text in our process: patched once, and instructions that a process may not use.
#ifndef SLUB_NATIVE_TEXT_HPP
#define SLUB_NATIVE_TEXT_HPP

namespace text
{

void prepare();

} // namespace text

#endif
