/// Why a patch cannot be applied.
package enum PatchError: Error, Equatable {
    /// The patch is not one of its type.
    case malformed(String)
    /// A JSON patch names a place that the object does not have.
    case noSuchPath(operation: Int, path: String)
    /// A `test` operation found something else.
    case testFailed(operation: Int, path: String)
    /// A patch would make an object of more values than the limit.
    case tooLarge(limit: Int)
}

extension PatchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let problem): "the patch is malformed: \(problem)"
        case .noSuchPath(let operation, let path):
            "operation \(operation) of the patch: the object has no \(path.cut(to: 200)): read the object and patch what it has"
        case .testFailed(let operation, let path):
            "operation \(operation) of the patch: the test of \(path.cut(to: 200)) failed: read the object again"
        case .tooLarge(let limit): "the patch makes more than \(limit) copies: split it"
        }
    }
}
