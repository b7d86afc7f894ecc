// SPDX-License-Identifier: GPL-2.0-only
// What the allocator holds on account of a test, beside what the test itself has.
#ifndef SLUB_NATIVE_ACCOUNT_HPP
#define SLUB_NATIVE_ACCOUNT_HPP

#include <string>

#include "result.hpp"

class Account
{
public:
	// From now on.
	Account();

	// With so many objects, of so many bytes in all, in use:
	//   "held"    pages held over pages that these bytes need
	//   "parked"  objects that /proc/slabinfo takes for used and nobody has: they wait in
	//   queues
	void at(Result &result, const std::string &when, unsigned long objects, double bytes) const;

	// With nothing in use any more: the pages that are left, and those after all caches were
	// shrunk.
	void at_end(Result &result) const;

	// Pages held since it began.
	double pages() const;

private:
	unsigned long pages_before;
	long objects_before;
};

#endif
