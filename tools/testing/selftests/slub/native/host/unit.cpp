// SPDX-License-Identifier: GPL-2.0-only
// The harness's own parts that need no kernel: the format of traces.
#include <lzma.h>

#include <filesystem>
#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "trace.hpp"

namespace
{

using trace::decode;
using trace::encode;
using trace::Trace;

constexpr bool is_free = true, is_alloc = false;

// Two CPUs, objects of three classes; one of them is never freed.
Trace example()
{
	Trace trace;

	trace.workload = "example";
	trace.kernel = "6.1.0";
	trace.date = "2026-11-23";
	trace.notes = {"cut", ""};
	trace.cpus = 2;
	trace.unseen_frees = 3;
	trace.classes = {{"dentry", 192, 8, "rA"}, {"", 100, 0, ""}, {"", 8192, 0, "r"}};
	trace.events = {{0, 0, 0, 0, is_alloc},       {5, 1, 1, 1, is_alloc},
			{5, 2, 2, 1, is_alloc},       {900, 1, 1, 0, is_free},
			{1000000, 1, 0, 0, is_alloc}, {1000001, 0, 0, 1, is_free},
			{6000000, 2, 2, 0, is_free}};
	trace.objects = 3;
	return trace;
}

void expect_same(const Trace &a, const Trace &b)
{
	EXPECT_EQ(encode(a), encode(b));
	EXPECT_EQ(a.notes, b.notes);
	EXPECT_EQ(a.objects, b.objects);
	ASSERT_EQ(a.classes.size(), b.classes.size());
	for (size_t i = 0; i < a.classes.size(); i++) {
		EXPECT_EQ(a.classes[i].name, b.classes[i].name);
		EXPECT_EQ(a.classes[i].flags, b.classes[i].flags);
	}
	ASSERT_EQ(a.events.size(), b.events.size());
	for (size_t i = 0; i < a.events.size(); i++) {
		EXPECT_EQ(a.events[i].time, b.events[i].time) << i;
		EXPECT_EQ(a.events[i].object, b.events[i].object) << i;
		EXPECT_EQ(a.events[i].cls, b.events[i].cls) << i;
		EXPECT_EQ(a.events[i].cpu, b.events[i].cpu) << i;
		EXPECT_EQ(a.events[i].is_free, b.events[i].is_free) << i;
	}
}

// What is wrong with a file, in one line; empty if nothing is.
std::string complaint(const std::string &bytes)
{
	try {
		decode(bytes);
	} catch (const std::runtime_error &error) {
		EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
		return error.what();
	}
	return "";
}

// With a check sum that fits, so that it is not what complains.
std::string summed(std::string bytes)
{
	const uint32_t crc =
		lzma_crc32(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size() - 4, 0);

	for (unsigned i = 0; i < 4; i++)
		bytes[bytes.size() - 4 + i] = static_cast<char>(crc >> 8 * i);
	return bytes;
}

std::string replaced(const std::string &from, const std::string &to)
{
	return summed(std::regex_replace(encode(example()), std::regex(from), to,
					 std::regex_constants::format_first_only));
}

TEST(Trace, IsReadAsItWasWritten)
{
	expect_same(decode(encode(example())), example());
	expect_same(decode(trace::compressed(encode(example()))), example());
}

TEST(Trace, MayBeEmpty)
{
	Trace empty;

	expect_same(decode(encode(empty)), empty);
}

TEST(Trace, IsRefusedIfCutOff)
{
	const std::string plain = encode(example()), small = trace::compressed(plain);

	for (size_t length = 0; length < plain.size(); length++)
		EXPECT_NE(complaint(plain.substr(0, length)), "") << length;
	for (size_t length = 0; length < small.size(); length++)
		EXPECT_NE(complaint(small.substr(0, length)), "") << length;
	EXPECT_NE(complaint(small.substr(0, small.size() / 2)).find("cut off"), std::string::npos);
}

TEST(Trace, IsRefusedIfDamaged)
{
	const std::string plain = encode(example()), small = trace::compressed(plain);

	for (size_t i = 0; i < plain.size(); i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			std::string bad = plain;

			bad[i] ^= 1 << bit;
			EXPECT_NE(complaint(bad), "") << i;
		}
	for (size_t i = 0; i < small.size(); i++) {
		std::string bad = small;

		bad[i] ^= 1;
		EXPECT_NE(complaint(bad), "") << i;
	}
	EXPECT_NE(complaint(plain + "x"), "");
}

TEST(Trace, IsRefusedIfOfALaterVersion)
{
	EXPECT_EQ(complaint(replaced("trace 1", "trace 2")),
		  "the file has version 2 of the format, this program knows 1; use a later one");
}

TEST(Trace, IsRefusedIfItMakesNoSense)
{
	EXPECT_EQ(complaint(replaced("slub", "blub")),
		  "this is no trace: it does not begin with 'slub-trace'");
	EXPECT_EQ(complaint(replaced("cpus: 2", "cpus: 1")),
		  "the file is damaged: CPU 1; get it again");
	EXPECT_EQ(complaint(replaced("cpus: 2", "cpus: x")),
		  "the file is damaged: 'cpus: x' in its heading; get it again");
	EXPECT_EQ(complaint(replaced("kmalloc 100", "malloc 1000")),
		  "the file is damaged: class 'malloc 1000 0 - -'; get it again");
	EXPECT_EQ(complaint(replaced("events: 7", "events: 8")),
		  "the file is cut off among its events; get it again");
	EXPECT_EQ(complaint(replaced("events: 7", "events: 6")),
		  "the file is damaged: its check sum is wrong; get it again");

	Trace twice = example();

	twice.events[5].object = 1;
	twice.events[6].object = 1;
	EXPECT_EQ(complaint(encode(twice)),
		  "the file is damaged: a free of what is free; get it again");
}

// In the directory that the harness is in.
TEST(Trace, ComesWithTheHarness)
{
	size_t count = 0;

	for (const auto &file : std::filesystem::directory_iterator("traces")) {
		if (file.path().extension() != ".xz")
			continue;
		const Trace trace = trace::read(file.path());

		EXPECT_GT(trace.events.size(), 10000U) << file;
		EXPECT_NE(trace.workload, "") << file;
		expect_same(decode(encode(trace)), trace);
		count++;
	}
	EXPECT_GT(count, 0U);
}

TEST(Trace, NamesTheFileThatIsMissing)
{
	try {
		trace::read("/nowhere/x.trace");
		FAIL();
	} catch (const std::runtime_error &error) {
		EXPECT_STREQ(error.what(),
			     "/nowhere/x.trace: cannot be read; is there such a file?");
	}
}

} // namespace
