// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages, text, locks that sleep, and /proc: as much as the allocators use.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../lib/kstrtox.h"
#include "compat.h"
#include "host.h"

enum system_states system_state = SYSTEM_BOOTING;
bool early_boot_irqs_disabled;
struct static_key_false init_on_alloc = STATIC_KEY_FALSE_INIT;
struct static_key_false init_on_free = STATIC_KEY_FALSE_INIT;

/* ---- Messages ---- */

static int print(const char *format, va_list arguments)
{
	char text[512];
	int length = native_format(text, sizeof(text), format, arguments);

	native_write(text, min_t(size_t, length, sizeof(text) - 1));
	return length;
}

int _printk(const char *format, ...)
{
	va_list arguments;
	int length;

	/* What begins with a level: "\001" and a digit. */
	if (format[0] == KERN_SOH_ASCII && format[1])
		format += 2;
	va_start(arguments, format);
	length = print(format, arguments);
	va_end(arguments);
	return length;
}

void __warn_printk(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void panic(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	native_format(text, sizeof(text), format, arguments);
	va_end(arguments);
	native_die(text);
	unreachable();
}

void dump_stack(void) { }

int ___ratelimit(struct ratelimit_state *limit, const char *what)
{
	return 1;
}

/* ---- Text ---- */

int snprintf(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = native_format(text, size, format, arguments);
	va_end(arguments);
	return length;
}

int scnprintf(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = native_format(text, size, format, arguments);
	va_end(arguments);
	return size ? min_t(int, length, size - 1) : 0;
}

char *kasprintf(gfp_t gfp, const char *format, ...)
{
	char text[256], *copy;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = native_format(text, sizeof(text), format, arguments);
	va_end(arguments);
	copy = kmalloc(length + 1, gfp);
	if (copy)
		memcpy(copy, text, length + 1);
	return copy;
}

/* For get_option(), which reads numbers of the command line. */
unsigned long long simple_strtoull(const char *text, char **end, unsigned int base)
{
	unsigned long long number;

	text = _parse_integer_fixup_radix(text, &base);
	text += _parse_integer(text, base, &number) & ~KSTRTOX_OVERFLOW;
	if (end)
		*end = (char *)text;
	return number;
}

/* Nobody here knows what is a literal. */
const char *kstrdup_const(const char *text, gfp_t gfp)
{
	return kasprintf(gfp, "%s", text);
}

void kfree_const(const void *x)
{
	kfree(x);
}

/* ---- Locks that sleep ---- */

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	atomic_long_set(&lock->owner, 0);
}

int mutex_trylock(struct mutex *lock)
{
	return atomic_long_cmpxchg(&lock->owner, 0, 1) == 0;
}

void mutex_lock(struct mutex *lock)
{
	while (!mutex_trylock(lock))
		native_yield();
}

void mutex_unlock(struct mutex *lock)
{
	atomic_long_set_release(&lock->owner, 0);
}

int __cond_resched(void)
{
	return 0;
}

/* ---- /proc ---- */

static const struct proc_ops *slabinfo_ops;

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *ops)
{
	if (!strcmp(name, "slabinfo"))
		slabinfo_ops = ops;
	return (struct proc_dir_entry *)ops;
}

static const struct seq_operations *seq_ops;

int seq_open(struct file *file, const struct seq_operations *ops)
{
	seq_ops = ops;
	return 0;
}

void seq_printf(struct seq_file *m, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = native_format(m->buf + m->count, m->size - m->count, format, arguments);
	va_end(arguments);
	m->count = min(m->count + length, m->size);
}

void __seq_puts(struct seq_file *m, const char *text)
{
	seq_printf(m, "%s", text);
}

int seq_write(struct seq_file *m, const void *text, size_t length)
{
	seq_printf(m, "%.*s", (int)length, (const char *)text);
	return 0;
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}

struct list_head *seq_list_start(struct list_head *head, loff_t position)
{
	struct list_head *item;

	list_for_each(item, head)
		if (!position--)
			return item;
	return NULL;
}

struct list_head *seq_list_next(void *item, struct list_head *head, loff_t *position)
{
	struct list_head *next = ((struct list_head *)item)->next;

	++*position;
	return next == head ? NULL : next;
}

ssize_t seq_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	return 0;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	return 0;
}

int seq_release(struct inode *inode, struct file *file)
{
	return 0;
}

/* Return: the length of /proc/slabinfo, as much of it as there is room for in @text. */
size_t native_slabinfo(char *text, size_t size)
{
	struct seq_file m = { .buf = text, .size = size };
	loff_t position = 0;
	void *item;

	if (!slabinfo_ops || slabinfo_ops->proc_open(NULL, NULL))
		return 0;
	for (item = seq_ops->start(&m, &position); item;
	     item = seq_ops->next(&m, item, &position))
		seq_ops->show(&m, item);
	seq_ops->stop(&m, item);
	return m.count;
}
