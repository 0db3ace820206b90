import Glibc

/// Calls `body` with a value in memory that cannot be written: whoever stores into it ends the process.
func withReadOnly<Value, Result>(_ value: Value, _ body: (UnsafePointer<Value>) throws -> Result) throws -> Result {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let size = (MemoryLayout<Value>.size + page - 1) / page * page
    guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        memory != MAP_FAILED
    else { throw ReadOnlyMemoryError(code: errno) }
    defer { munmap(memory, size) }
    let typed = memory.bindMemory(to: Value.self, capacity: 1)
    typed.initialize(to: value)
    mprotect(memory, size, PROT_READ)
    defer {
        mprotect(memory, size, PROT_READ | PROT_WRITE)
        typed.deinitialize(count: 1)
    }
    return try body(typed)
}

struct ReadOnlyMemoryError: Error {
    var code: Int32
}
