// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which the kernel brings up an allocator, and its command line:
 * section "setup" has what __setup() in the allocator's files names.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../../mm/slab.h"
#include "host.h"
#include "sections.h"

#define WORD_MAX 128

/*
 * A parameter of @name, which ends with '=' if it has a value, or with nothing.
 * Return: the value in @word, or NULL if it is another parameter.
 */
static char *value_of(char *word, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(word, name, length))
		return NULL;
	if (name[length - 1] != '=' && word[length] && word[length] != '=')
		return NULL;
	return word + length;
}

static bool set_up(char *word)
{
	struct obs_kernel_param *parameter;
	char *value;

	for (parameter = __start_setup; parameter < __stop_setup; parameter++) {
		value = value_of(word, parameter->str);
		if (value && parameter->setup_func(value))
			return true;
	}
	return false;
}

/*
 * @parameters are words with one blank between them.
 * Return: what nobody knows of it and what follows, or NULL.
 */
const char *native_boot(const char *parameters)
{
	initcall_entry_t *call;
	char word[WORD_MAX];
	size_t length;

	for (; *parameters; parameters += length) {
		parameters += *parameters == ' ';
		length = strchrnul(parameters, ' ') - parameters;
		if (length >= sizeof(word))
			return parameters;
		memcpy(word, parameters, length);
		word[length] = '\0';
		if (length && !set_up(word))
			return parameters;
	}
	kmem_cache_init();
	kmem_cache_init_late();
	system_state = SYSTEM_SCHEDULING;
	for (call = __start_initcalls; call < __stop_initcalls; call++)
		initcall_from_entry(call)();
	system_state = SYSTEM_RUNNING;
	gfp_allowed_mask = __GFP_BITS_MASK;
	return NULL;
}
