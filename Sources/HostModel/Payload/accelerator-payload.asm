# The guest of the accelerator probe: a firmware image of 64 KiB for `qemu-system-x86_64 -bios`.
#
# From the reset vector through real and protected mode to 64-bit mode with paging, then 20 million turns of a loop
# with a multiplication, a store and a load that walk through 1 MiB of memory. It writes one byte to the debug console
# (port 0xe9) for each of these, so that the host can time them as they come:
#
#     R    real mode: the first instruction of the guest has run
#     L    64-bit mode with paging is on
#     ,    20 000 turns are done: the first million, in 50 steps, gives figures even where a million takes 10 s
#     .    one million turns are done: the 19 others
#
# and then ends QEMU through isa-debug-exit (port 0xf4): 0x15 becomes the exit status 0x15 * 2 + 1 = 43.
#
# Memory:  0x1000 PML4, 0x2000 PDPT, 0x3000 PD (512 pages of 2 MiB: the first GiB), 0x8000 the code,
#          0x100000 to 0x1fffff the data that the loop walks through. QEMU's RAM is zeroed, the tables rely on it.
#
#     as --64 -o payload.o accelerator-payload.asm
#     ld -m elf_x86_64 -Ttext=0 --oformat binary -o payload.bin payload.o
#
# `AcceleratorPayload.swift` holds what is not zero of the result; a test assembles this file and compares.

        .set    IMAGE_SIZE, 0x10000
        .set    RAM_CODE, 0x8000
        .set    DEBUG_CONSOLE, 0xe9
        .set    DEBUG_EXIT, 0xf4

        .text
        .globl  _start
_start:

# Real mode. CS has the base 0xffff0000, so that offsets in the image are offsets in CS.
        .code16
real_mode:
        cli
        cld
        movb    $'R', %al
        outb    %al, $DEBUG_CONSOLE
        xorw    %ax, %ax
        movw    %ax, %es
        movw    $ram_code, %si
        movw    $RAM_CODE, %di
        movw    $(ram_code_end - ram_code), %cx
        rep movsb %cs:(%si), %es:(%di)
        lgdtl   %cs:gdt_pointer
        movl    %cr0, %eax
        andl    $0x9fffffff, %eax               # neither CD nor NW, which a reset leaves on: caches are used
        orb     $1, %al                         # PE
        movl    %eax, %cr0
        ljmpl   $0x08, $RAM_CODE

# Copied to RAM_CODE: the image itself lies beyond the pages that are mapped below.
        .code32
ram_code:
        movw    $0x18, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $0x2003, 0x1000                 # PML4[0] -> PDPT, present and writable
        movl    $0x3003, 0x2000                 # PDPT[0] -> PD
        movl    $0x3000, %edi
        movl    $0x83, %eax                     # 2 MiB page, present and writable
        movl    $512, %ecx
1:      movl    %eax, (%edi)
        addl    $0x200000, %eax
        addl    $8, %edi
        loop    1b
        movl    %cr4, %eax
        orl     $0x20, %eax                     # PAE
        movl    %eax, %cr4
        movl    $0x1000, %eax
        movl    %eax, %cr3
        movl    $0xc0000080, %ecx               # EFER
        rdmsr
        orl     $0x100, %eax                    # LME
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000000, %eax               # PG
        movl    %eax, %cr0
        ljmpl   $0x10, $(RAM_CODE + long_mode - ram_code)

        .code64
long_mode:
        movl    $0x7000, %esp
        movb    $'L', %al
        outb    %al, $DEBUG_CONSOLE
        movabsq $0x9e3779b97f4a7c15, %rsi       # multiplier
        movl    $1, %eax                        # state
        xorl    %edx, %edx                      # offset of the walk
        movl    $50, %ebx                       # marks
        movl    $20000, %r8d                    # turns a mark
        movl    $',', %r9d
marks:  movl    %r8d, %ecx
turn:   imulq   %rsi, %rax
        addq    %rcx, %rax
        movq    %rax, 0x100000(%rdx)
        addl    $0x1048, %edx                   # a page and a bit, so that every turn touches another page
        andl    $0xffff8, %edx
        addq    0x100000(%rdx), %rax
        decl    %ecx
        jnz     turn
        xchgl   %eax, %r9d
        outb    %al, $DEBUG_CONSOLE
        xchgl   %eax, %r9d
        decl    %ebx
        jnz     marks
        movl    $19, %ebx
        cmpb    $'.', %r9b
        movl    $'.', %r9d
        movl    $1000000, %r8d
        jne     marks
        movb    $0x15, %al
        outb    %al, $DEBUG_EXIT
1:      hlt
        jmp     1b

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9a000000ffff              # 0x08: 32-bit code
        .quad   0x00af9a000000ffff              # 0x10: 64-bit code
        .quad   0x00cf92000000ffff              # 0x18: data
gdt_pointer:
        .word   . - gdt - 1
        .long   RAM_CODE + gdt - ram_code
ram_code_end:


        .org    IMAGE_SIZE - 16
        .code16
reset_vector:
        .byte   0xe9                            # jmp real_mode: IP wraps around, 0xfff3 + 13 = 0 in 16 bits
        .word   13
        .org    IMAGE_SIZE
