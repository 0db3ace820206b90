#include <errno.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc has no wrappers for these system calls, and Swift cannot call functions of variable arguments.

static inline int vn_openat2(int folder, const char *path, struct open_how how) {
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

static inline int vn_landlock_abi(void) {
    return (int)syscall(SYS_landlock_create_ruleset, (void *)0, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
}

static inline int vn_landlock_create(unsigned long long handled) {
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled};
    return (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
}

static inline int vn_landlock_allow(int ruleset, int parent, unsigned long long access) {
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = parent};
    return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static inline int vn_landlock_restrict(int ruleset) {
    return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

static inline int vn_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

static inline unsigned int vn_refuse_with(unsigned short number) { return SCMP_ACT_ERRNO(number); }

static const unsigned int vn_continue = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
