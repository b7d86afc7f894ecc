// SPDX-License-Identifier: GPL-2.0-only
#ifndef SLUB_NATIVE_CACHE_HPP
#define SLUB_NATIVE_CACHE_HPP

#include "machine.hpp"

// A cache of the size that is asked for, gone when the test is over.
class Cache
{
public:
	explicit Cache(unsigned size, void (*constructor)(void *) = nullptr)
	{
		machine::on(0, [=] { s = native_cache_create("bench", size, 0, 0, constructor); });
	}
	~Cache()
	{
		machine::on(0, [this] { native_cache_destroy(s); });
	}
	Cache(const Cache &) = delete;
	Cache &operator=(const Cache &) = delete;
	kmem_cache *operator*() const
	{
		return s;
	}

	// A cache with a constructor is shared with no other one.
	static void constructor(void *)
	{
	}

private:
	kmem_cache *s = nullptr;
};

#endif
