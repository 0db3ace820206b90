package import SystemPackage

/// Why a process could not be confined, or a confined path not be opened.
package enum SandboxError: Error, Equatable {
    case capability(name: String, action: String, Errno)
    case filter(action: String, Errno)
    case pathRules(path: String, Errno)
    /// A path leads through a symbolic link, or out of the folder that it must stay in.
    case escapes(path: String, folder: String)
    case open(path: String, Errno)
    case restart(Errno)
}

extension SandboxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .capability(let name, let action, let errno): "cannot \(action) the capability \(name): \(errno)"
        case .filter(let action, let errno): "cannot \(action) the filter of system calls: \(errno)"
        case .pathRules(let path, let errno): "cannot confine the process to \(path): \(errno)"
        case .escapes(let path, let folder):
            "\(path) leads through a symbolic link or out of \(folder): name the file itself, or mount its folder there"
        case .open(let path, let errno): "cannot open \(path): \(errno)"
        case .restart(let errno): "cannot start anew with fewer rights: \(errno)"
        }
    }
}
