extension DocumentNode {
    package subscript(path path: [String]) -> DocumentNode? {
        get { self[path] }
        set { self[path] = newValue }
    }
}
