/*
 * A made-up /dev/gpiochip0 for the processes that preload this object: it answers what lgpio asks of a Linux
 * GPIO character device (uAPI v2, linux/gpio.h), and makes the machine look like a Raspberry Pi 4.
 *
 * WIRE_LOG    file to which every change of a line is appended: "<CLOCK_MONOTONIC ns> <line> <state>", where the
 *             state is 0 or 1 (driven), u, d or z (an input pulled up, pulled down, floating) or f (free).
 * WIRE_LINES  file with one byte for each line, mapped and read at every access: 0 or 1 (the outside world drives
 *             it so), b (another process has it), anything else (nothing is connected: an input reads its pull).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/gpio.h>

#define LINES 54
#define MAX_FDS 1024
#define CHIP "/dev/gpiochip0"
#define REVISION "/proc/device-tree/system/linux,revision"

enum role { OTHER, CHIP_FD, REQUEST_FD };

static struct {
    enum role role;
    __u32 count, offsets[LINES];
} files[MAX_FDS];

static struct {
    int owned, level;
    __u64 flags;
    char logged;
    char consumer[GPIO_MAX_NAME_SIZE];
} lines[LINES];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const volatile char *outside;
static int log_fd = -1;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_ioctl)(int, unsigned long, ...);

__attribute__((constructor)) static void start(void)
{
    const char *log = getenv("WIRE_LOG"), *world = getenv("WIRE_LINES");
    int fd;

    real_open = dlsym(RTLD_NEXT, "open");
    real_close = dlsym(RTLD_NEXT, "close");
    real_ioctl = dlsym(RTLD_NEXT, "ioctl");
    fd = world ? real_open(world, O_RDONLY | O_CLOEXEC) : -1;
    log_fd = log ? real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd < 0 || log_fd < 0 || (outside = mmap(NULL, LINES, PROT_READ, MAP_SHARED, fd, 0)) == MAP_FAILED) {
        fprintf(stderr, "gpiochip: WIRE_LOG and WIRE_LINES must name files (%s)\n", strerror(errno));
        abort();
    }
    real_close(fd);
}

static char state_of(__u32 line)
{
    if (!lines[line].owned)
        return 'f';
    if (lines[line].flags & GPIO_V2_LINE_FLAG_OUTPUT)
        return lines[line].level ? '1' : '0';
    if (lines[line].flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP)
        return 'u';
    return lines[line].flags & GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN ? 'd' : 'z';
}

static void note(__u32 line)
{
    struct timespec now;
    char state = state_of(line), text[64];
    int length;

    if (state == lines[line].logged)
        return;
    lines[line].logged = state;
    clock_gettime(CLOCK_MONOTONIC, &now);
    length = snprintf(text, sizeof text, "%lld %u %c\n", now.tv_sec * 1000000000LL + now.tv_nsec, line, state);
    if (write(log_fd, text, length) != length)
        abort();
}

static int read_level(__u32 line)
{
    if (lines[line].flags & GPIO_V2_LINE_FLAG_OUTPUT)
        return lines[line].level;
    if (outside[line] == '0' || outside[line] == '1')
        return outside[line] == '1';
    return !!(lines[line].flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP);
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static int request(struct gpio_v2_line_request *wanted)
{
    __u64 levels = 0;
    __u32 i, line;
    int fd;

    if (!wanted->num_lines || wanted->num_lines > LINES)
        return fail(EINVAL);
    for (i = 0; i < wanted->num_lines; i++) {
        if (wanted->offsets[i] >= LINES)
            return fail(EINVAL);
        if (lines[wanted->offsets[i]].owned || outside[wanted->offsets[i]] == 'b')
            return fail(EBUSY);
    }
    for (i = 0; i < wanted->config.num_attrs && i < GPIO_V2_LINE_NUM_ATTRS_MAX; i++)
        if (wanted->config.attrs[i].attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
            levels = wanted->config.attrs[i].attr.values & wanted->config.attrs[i].mask;
    fd = memfd_create("gpio-lines", MFD_CLOEXEC);
    if (fd < 0 || fd >= MAX_FDS)
        return fail(EMFILE);
    files[fd].role = REQUEST_FD;
    files[fd].count = wanted->num_lines;
    for (i = 0; i < wanted->num_lines; i++) {
        line = files[fd].offsets[i] = wanted->offsets[i];
        lines[line].owned = 1;
        lines[line].flags = wanted->config.flags;
        lines[line].level = levels >> i & 1;
        memcpy(lines[line].consumer, wanted->consumer, GPIO_MAX_NAME_SIZE);
        note(line);
    }
    wanted->fd = fd;
    return 0;
}

static int chip_ioctl(unsigned long command, void *argument)
{
    struct gpiochip_info *chip = argument;
    struct gpio_v2_line_info *info = argument;
    __u32 line;

    switch (command) {
    case GPIO_GET_CHIPINFO_IOCTL:
        memset(chip, 0, sizeof *chip);
        strcpy(chip->name, "gpiochip0");
        strcpy(chip->label, "pinctrl-bcm2711");
        chip->lines = LINES;
        return 0;
    case GPIO_V2_GET_LINEINFO_IOCTL:
        line = info->offset;
        if (line >= LINES)
            return fail(EINVAL);
        memset(info, 0, sizeof *info);
        info->offset = line;
        snprintf(info->name, sizeof info->name, "GPIO%u", line);
        memcpy(info->consumer, lines[line].consumer, GPIO_MAX_NAME_SIZE);
        info->flags = lines[line].owned ? lines[line].flags | GPIO_V2_LINE_FLAG_USED : GPIO_V2_LINE_FLAG_INPUT;
        return 0;
    case GPIO_V2_GET_LINE_IOCTL:
        return request(argument);
    default:
        return fail(ENOTTY);
    }
}

static int request_ioctl(int fd, unsigned long command, void *argument)
{
    struct gpio_v2_line_values *values = argument;
    struct gpio_v2_line_config *config = argument;
    __u32 i, line;

    if (command == GPIO_V2_LINE_GET_VALUES_IOCTL)
        values->bits = 0;
    for (i = 0; i < files[fd].count; i++) {
        line = files[fd].offsets[i];
        switch (command) {
        case GPIO_V2_LINE_GET_VALUES_IOCTL:
            if (values->mask >> i & 1)
                values->bits |= (__u64)read_level(line) << i;
            break;
        case GPIO_V2_LINE_SET_VALUES_IOCTL:
            if (!(lines[line].flags & GPIO_V2_LINE_FLAG_OUTPUT))
                return fail(EPERM);
            if (values->mask >> i & 1)
                lines[line].level = values->bits >> i & 1;
            note(line);
            break;
        case GPIO_V2_LINE_SET_CONFIG_IOCTL:
            lines[line].flags = config->flags;
            note(line);
            break;
        default:
            return fail(ENOTTY);
        }
    }
    return 0;
}

int ioctl(int fd, unsigned long command, ...)
{
    va_list rest;
    void *argument;
    int answer;

    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    if (fd < 0 || fd >= MAX_FDS || files[fd].role == OTHER)
        return real_ioctl(fd, command, argument);
    pthread_mutex_lock(&lock);
    answer = files[fd].role == CHIP_FD ? chip_ioctl(command, argument) : request_ioctl(fd, command, argument);
    pthread_mutex_unlock(&lock);
    return answer;
}

int open(const char *path, int flags, ...)
{
    static const unsigned char pi_4b[] = {0x00, 0xa0, 0x31, 0x11};
    va_list rest;
    mode_t mode;
    int fd;

    va_start(rest, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (strcmp(path, CHIP) && strcmp(path, REVISION))
        return real_open(path, flags, mode);
    fd = memfd_create("gpiochip", MFD_CLOEXEC);
    if (fd < 0 || fd >= MAX_FDS)
        return fail(EMFILE);
    if (!strcmp(path, CHIP))
        files[fd].role = CHIP_FD;
    else if (pwrite(fd, pi_4b, sizeof pi_4b, 0) != sizeof pi_4b)
        return fail(EIO);
    return fd;
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd)
{
    __u32 i;

    if (fd >= 0 && fd < MAX_FDS && files[fd].role != OTHER) {
        pthread_mutex_lock(&lock);
        for (i = 0; files[fd].role == REQUEST_FD && i < files[fd].count; i++) {
            lines[files[fd].offsets[i]].owned = 0;
            note(files[fd].offsets[i]);
        }
        files[fd].role = OTHER;
        pthread_mutex_unlock(&lock);
    }
    return real_close(fd);
}
