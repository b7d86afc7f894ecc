// SPDX-License-Identifier: GPL-2.0-only
#include "process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

Process::Process(std::vector<std::string> command) : name(command.front())
{
	int in[2], out[2];

	// A program that has died is an error that is told.
	signal(SIGPIPE, SIG_IGN);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		throw std::runtime_error(std::string("no pipe: ") + strerror(errno));

	posix_spawn_file_actions_t actions;
	std::vector<char *> arguments;

	for (std::string &word : command)
		arguments.push_back(word.data());
	arguments.push_back(nullptr);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	const int error =
		posix_spawnp(&id, name.c_str(), &actions, nullptr, arguments.data(), environ);

	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	if (error)
		throw std::runtime_error(name + ": " + strerror(error));
	to = fdopen(in[1], "w");
	from = fdopen(out[0], "r");
}

Process::~Process()
{
	if (!id)
		return;
	// It ends when there is nothing more to read.
	fclose(to);
	fclose(from);
	waitpid(id, nullptr, 0);
}

std::string Process::ask(const std::string &line)
{
	char *answer = nullptr;
	size_t size = 0;

	fprintf(to, "%s\n", line.c_str());
	fflush(to);
	if (getline(&answer, &size, from) < 0) {
		free(answer);
		throw std::runtime_error(name + " has died at '" + line + "'");
	}
	const std::string text(answer);

	free(answer);
	return text;
}
