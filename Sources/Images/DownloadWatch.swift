import SystemPackage

/// Reports how much skopeo has downloaded, by the size of its files: it tells nobody but a terminal.
struct DownloadWatch: Sendable {
    let folder: FilePath
    let totalBytes: Int64
    let progress: ImageProgressListener?

    /// Runs `work`, and meanwhile, if anybody listens, looks every 200 ms.
    func during(_ work: @escaping @Sendable () async throws(ImageError) -> Void) async throws(ImageError) {
        guard let progress else { return try await work() }
        progress(ImageProgress(phase: .downloading, totalBytes: totalBytes))
        let result: Result<Void, ImageError> = await withTaskGroup(of: Result<Void, ImageError>?.self) { group in
            group.addTask {
                do throws(ImageError) {
                    try await work()
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask { await watch(progress) }
            let first = await group.first { $0 != nil }
            group.cancelAll()
            return first.flatMap { $0 } ?? .success(())
        }
        try result.get()
        progress(ImageProgress(phase: .downloading, completedBytes: totalBytes, totalBytes: totalBytes))
    }

    private func watch(_ progress: ImageProgressListener) async -> Result<Void, ImageError>? {
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            let done = min(totalBytes, ScratchFolder.allocatedBytes(folder))
            progress(ImageProgress(phase: .downloading, completedBytes: done, totalBytes: totalBytes))
        }
        return nil
    }
}
