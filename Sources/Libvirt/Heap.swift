internal import CLibvirt

/// The C library's heap, which libvirt's driver uses in this process.
package enum Heap {
    /// Gives free pages back to the kernel. Maps to `malloc_trim`.
    package static func trim() { malloc_trim(0) }
}
