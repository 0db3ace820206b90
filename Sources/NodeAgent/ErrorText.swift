internal import Disks

/// Prints chains of errors: each says its own part, and names what lies below.
package enum ErrorText {
    /// One line, for logs and conditions.
    package static func line(_ error: any Error) -> String { chain(error).joined(separator: ": ") }

    /// The texts of an error and of its causes, outermost first.
    package static func chain(_ error: any Error) -> [String] {
        var texts = ["\(error)"]
        var next = cause(of: error)
        while let error = next {
            texts.append("\(error)")
            next = cause(of: error)
        }
        return texts
    }

    private static func cause(of error: any Error) -> (any Error)? {
        switch error {
        case let error as AgentError: error.cause
        case let error as DiskError: error.cause
        default: nil
        }
    }
}
