import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension AcceleratorVerdict {
    /// The verdict of this boot: the kept one, or else a probe's, which is then kept in the run folder.
    package static func current(
        _ mode: AcceleratorMode = .auto, refresh: Bool = false, root: HostRoot = HostRoot(), folders: NodeFolders
    ) async throws(AcceleratorError) -> AcceleratorVerdict {
        let cache = AcceleratorVerdictCache(folder: folders.run, root: root)
        return try await cache.verdict(mode, refresh: refresh) { () async throws(AcceleratorError) in
            // The cache has made the folder if it could; a user without the right to write there probes from /tmp.
            let folder = access(folders.run.string, W_OK) == 0 ? folders.run : "/tmp"
            return try await AcceleratorProbe(root: root, temporaryFolder: folder).run()
        }
    }
}
