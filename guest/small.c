// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only process of a guest for which there is no busybox: a short workload, /proc/slabinfo before
 * and after. It is built with the kernel's nolibc.
 */
#include <nolibc.h>

#define FILES 3000
#define CHILDREN 300

static void show(const char *when)
{
	char text[512];
	int file = open("/proc/slabinfo", O_RDONLY, 0);
	ssize_t length;

	printf("--- slab memory %s\n", when);
	while ((length = read(file, text, sizeof(text))) > 0)
		write(1, text, length);
	close(file);
}

static int failed(const char *what)
{
	printf("--- %s failed: errno %d\n", what, errno);
	return 1;
}

/* Write and read files in tmpfs, and remove them. */
static int file_storm(void)
{
	char name[16] = "/tmp/....", text[100];
	int i, pass, file;

	for (pass = 0; pass < 3; pass++) {
		for (i = 0; i < FILES; i++) {
			memcpy(name + 5, itoa(10000 + i), 6);
			if (pass == 2) {
				if (unlink(name))
					return failed("unlink");
				continue;
			}
			file = open(name, pass ? O_RDONLY : O_CREAT | O_WRONLY, 0600);
			if (file < 0)
				return failed("open");
			if (pass ? read(file, text, 100) != 10 || memcmp(text, name, 10) :
				   write(file, name, 10) != 10)
				return failed(pass ? "read" : "write");
			close(file);
		}
	}
	return 0;
}

/* Ten processes at a time. */
static int fork_storm(void)
{
	int i, status, all = 0;
	pid_t child;

	for (i = 0; i < CHILDREN + 10; i++) {
		child = i < CHILDREN ? fork() : 1;
		if (child < 0)
			return failed("fork");
		if (!child)
			exit(0);
		if (i < 10)
			continue;
		if (waitpid(-1, &status, 0) < 0)
			return failed("wait");
		all |= status;
	}
	return all;
}

int main(void)
{
	int status;

	mkdir("/proc", 0755);
	mkdir("/tmp", 0755);
	status = mount("proc", "/proc", "proc", 0, NULL) || mount("tmp", "/tmp", "tmpfs", 0, NULL);
	show("before");
	status = status || file_storm() || fork_storm();
	show("after");
	printf("slub-guest: small ended with status %d\n", status);
	reboot(LINUX_REBOOT_CMD_RESTART);
	return status;
}
