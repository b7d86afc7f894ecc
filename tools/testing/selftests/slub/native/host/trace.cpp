// SPDX-License-Identifier: GPL-2.0-only
#include "trace.hpp"

#include <lzma.h>

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace trace
{

namespace
{

constexpr unsigned version = 1;
constexpr size_t sum_size = 4;
const std::string magic = "slub-trace ";
const std::string xz_magic("\xfd"
			   "7zXZ\0",
			   6);

[[noreturn]] void fail(const std::string &what)
{
	throw std::runtime_error(what);
}

// ---- xz ----

// Run all of the input through an encoder or decoder.
std::string through(lzma_stream &stream, const std::string &bytes)
{
	std::vector<uint8_t> part(1 << 16);
	std::string result;
	lzma_ret status = LZMA_OK;

	stream.next_in = reinterpret_cast<const uint8_t *>(bytes.data());
	stream.avail_in = bytes.size();
	while (status == LZMA_OK) {
		stream.next_out = part.data();
		stream.avail_out = part.size();
		status = lzma_code(&stream, LZMA_FINISH);
		result.append(part.begin(), part.end() - stream.avail_out);
	}
	lzma_end(&stream);
	if (status == LZMA_BUF_ERROR)
		fail("the file is cut off; get it again");
	if (status != LZMA_STREAM_END)
		fail("the file is damaged: xz does not accept it; get it again");
	return result;
}

std::string decompressed(const std::string &bytes)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	if (lzma_stream_decoder(&stream, UINT64_MAX, 0) != LZMA_OK)
		fail("no memory to decompress the file");
	return through(stream, bytes);
}

uint32_t sum(const std::string &bytes, size_t length)
{
	return lzma_crc32(reinterpret_cast<const uint8_t *>(bytes.data()), length, 0);
}

// ---- Writing ----

void put(std::string &out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		out += static_cast<char>(number | 0x80);
	out += static_cast<char>(number);
}

std::string heading(const Trace &trace)
{
	std::string text = fmt::format("{}{}\nworkload: {}\nkernel: {}\ndate: {}\n", magic, version,
				       trace.workload, trace.kernel, trace.date);

	for (const std::string &note : trace.notes)
		text += fmt::format("note: {}\n", note);
	text += fmt::format("cpus: {}\nunseen-frees: {}\nunseen-ends: {}\n"
			    "guessed: {}\nclasses: {}\n",
			    trace.cpus, trace.unseen_frees, trace.unseen_ends, trace.guessed,
			    trace.classes.size());
	for (const Class &cls : trace.classes)
		text += fmt::format("{} {} {} {} {}\n", cls.name.empty() ? "kmalloc" : "cache",
				    cls.size, cls.align, cls.flags.empty() ? "-" : cls.flags,
				    cls.name.empty() ? "-" : cls.name);
	return text + fmt::format("events: {}\n\n", trace.events.size());
}

// ---- Reading ----

class Reader
{
public:
	explicit Reader(const std::string &bytes, size_t end) : bytes(bytes), end(end)
	{
	}

	std::string line()
	{
		const size_t newline = bytes.find('\n', at);

		if (newline >= end)
			fail("the file is cut off in its heading; get it again");
		const std::string text = bytes.substr(at, newline - at);

		at = newline + 1;
		return text;
	}

	uint64_t number()
	{
		uint64_t value = 0;

		for (unsigned shift = 0; shift < 64; shift += 7) {
			if (at >= end)
				fail("the file is cut off among its events; get it again");
			const auto byte = static_cast<uint8_t>(bytes[at++]);

			value |= static_cast<uint64_t>(byte & 0x7f) << shift;
			if (byte < 0x80)
				return value;
		}
		fail("the file is damaged: a number has no end; get it again");
	}

	bool at_end() const
	{
		return at == end;
	}

private:
	const std::string &bytes;
	size_t at = 0, end;
};

uint64_t number_in(const std::string &line, const std::string &text)
{
	size_t used = 0;
	uint64_t value = 0;

	try {
		value = std::stoull(text, &used);
	} catch (const std::logic_error &) {
	}
	if (!used || used != text.size())
		fail(fmt::format("the file is damaged: '{}' in its heading; get it again", line));
	return value;
}

Class read_class(const std::string &line)
{
	std::istringstream words(line);
	std::string kind, size, align;
	Class cls;

	words >> kind >> size >> align >> cls.flags >> cls.name;
	if (!words || (kind != "cache" && kind != "kmalloc"))
		fail(fmt::format("the file is damaged: class '{}'; get it again", line));
	cls.size = number_in(line, size);
	cls.align = number_in(line, align);
	if (cls.flags == "-")
		cls.flags.clear();
	if (kind == "kmalloc")
		cls.name.clear();
	return cls;
}

void check_version(const std::string &line)
{
	if (line.rfind(magic, 0) != 0)
		fail("this is no trace: it does not begin with 'slub-trace'");
	const std::string number = line.substr(magic.size());

	if (number_in(line, number) > version)
		fail(fmt::format("the file has version {} of the format, this program knows {}; "
				 "use a later one",
				 number, version));
}

// Return: how many events follow.
uint64_t read_heading(Reader &in, Trace &trace)
{
	uint64_t events = 0, cpus = 0;
	const std::map<std::string, std::string *> texts = {
		{"workload", &trace.workload}, {"kernel", &trace.kernel}, {"date", &trace.date}};
	const std::map<std::string, uint64_t *> numbers = {{"cpus", &cpus},
							   {"unseen-frees", &trace.unseen_frees},
							   {"unseen-ends", &trace.unseen_ends},
							   {"guessed", &trace.guessed},
							   {"events", &events}};

	check_version(in.line());
	for (std::string line = in.line(); !line.empty(); line = in.line()) {
		const size_t colon = std::min(line.find(": "), line.size());
		const std::string key = line.substr(0, colon),
				  value = line.substr(colon).substr(
					  std::min<size_t>(2, line.size() - colon));

		if (texts.count(key))
			*texts.at(key) = value;
		else if (numbers.count(key))
			*numbers.at(key) = number_in(line, value);
		else if (key == "note")
			trace.notes.push_back(value);
		else if (key == "classes")
			for (uint64_t left = number_in(line, value); left; left--)
				trace.classes.push_back(read_class(in.line()));
		else
			fail(fmt::format("the file is damaged: '{}' in its heading; get it again",
					 line));
	}
	if (cpus < 1 || cpus > UINT8_MAX)
		fail(fmt::format("the file is damaged: {} CPUs; get it again", cpus));
	trace.cpus = cpus;
	return events;
}

// The events, checked: whoever uses them relies on their numbers.
void read_events(Reader &in, Trace &trace, uint64_t count)
{
	std::vector<int> live; // the class of each object, or -1
	Numbers numbers;
	Event event = {};

	while (count--) {
		const uint64_t first = in.number();

		event.is_free = first & 1;
		if (first & 2)
			event.cpu = std::min<uint64_t>(in.number(), UINT8_MAX);
		event.time += first >> 2;
		const uint64_t what = in.number();

		if (event.cpu >= trace.cpus)
			fail(fmt::format("the file is damaged: CPU {}; get it again", event.cpu));
		if (event.is_free) {
			if (what >= live.size() || live[what] < 0)
				fail("the file is damaged: a free of what is free; get it again");
			event.object = what;
			event.cls = live[what];
			live[what] = -1;
			numbers.give_back(what);
		} else {
			if (what >= trace.classes.size())
				fail(fmt::format("the file is damaged: class {}; get it again",
						 what));
			event.object = numbers.take();
			event.cls = what;
			live.resize(numbers.used(), -1);
			live[event.object] = what;
		}
		trace.events.push_back(event);
	}
	trace.objects = numbers.used();
}

} // namespace

uint32_t Numbers::take()
{
	if (unused.empty())
		return next++;
	const uint32_t object = unused.back();

	unused.pop_back();
	return object;
}

std::string encode(const Trace &trace)
{
	std::string out = heading(trace);
	uint64_t time = 0;
	unsigned cpu = 0;

	for (const Event &event : trace.events) {
		put(out, (event.time - time) << 2 | (event.cpu != cpu) << 1 | event.is_free);
		if (event.cpu != cpu)
			put(out, event.cpu);
		put(out, event.is_free ? event.object : event.cls);
		time = event.time;
		cpu = event.cpu;
	}
	const uint32_t crc = sum(out, out.size());

	for (unsigned i = 0; i < sum_size; i++)
		out += static_cast<char>(crc >> 8 * i);
	return out;
}

Trace decode(std::string bytes)
{
	Trace trace;

	if (bytes.rfind(xz_magic, 0) == 0)
		bytes = decompressed(bytes);
	if (bytes.size() < sum_size)
		fail("this is no trace: it does not begin with 'slub-trace'");
	const size_t end = bytes.size() - sum_size;
	Reader in(bytes, end);

	read_events(in, trace, read_heading(in, trace));
	uint32_t crc = 0;

	for (unsigned i = 0; i < sum_size; i++)
		crc |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[end + i])) << 8 * i;
	if (!in.at_end() || crc != sum(bytes, end))
		fail("the file is damaged: its check sum is wrong; get it again");
	return trace;
}

std::string compressed(const std::string &bytes)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	if (lzma_easy_encoder(&stream, 9, LZMA_CHECK_CRC64) != LZMA_OK)
		fail("no memory to compress the file");
	return through(stream, bytes);
}

Trace read(const std::string &file)
{
	std::ifstream in(file, std::ios::binary);
	std::ostringstream bytes;

	if (!in || !(bytes << in.rdbuf()))
		fail(file + ": cannot be read; is there such a file?");
	try {
		return decode(bytes.str());
	} catch (const std::runtime_error &error) {
		fail(file + ": " + error.what());
	}
}

void write(const Trace &trace, const std::string &file)
{
	std::ofstream out(file, std::ios::binary);

	if (!(out << compressed(encode(trace))).flush())
		fail(file + ": cannot be written; is there room?");
}

} // namespace trace
