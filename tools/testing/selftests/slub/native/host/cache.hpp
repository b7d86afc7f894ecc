// SPDX-License-Identifier: GPL-2.0-only
#ifndef SLUB_NATIVE_CACHE_HPP
#define SLUB_NATIVE_CACHE_HPP

#include "machine.hpp"

// A cache of the size that is asked for, gone when the test is over.
class Cache
{
public:
	explicit Cache(unsigned size)
	{
		machine::on(0, [=] { s = create(size); });
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

	// On a CPU. It is merged with no other one, whatever each contestant would merge.
	static kmem_cache *create(unsigned size)
	{
		return native_cache_create("bench", size, 0, native_constants.never_merged,
					   nullptr);
	}

private:
	kmem_cache *s = nullptr;
};

#endif
