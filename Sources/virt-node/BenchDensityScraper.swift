import KubernetesAPI
import Logging
import NodeAgent

/// Reads a daemon's page of metrics.
struct DensityScraper: Sendable {
    private let client: KubernetesClient

    init(_ url: String, logger: Logger) throws(APIError) {
        client = try KubernetesClient(ServerConfiguration(server: url), userAgent: "virt-node-bench", logger: logger)
    }

    /// Nil where the page cannot be read: the report then leaves the daemon's costs out.
    func counters() async -> DensityCounters? {
        var bytes: [UInt8] = []
        do throws(APIError) { try await client.read(path: "/metrics") { bytes += $0 } } catch {
            Standard.error("virt-node: the daemon's metrics cannot be read: \(error)")
            return nil
        }
        return DensityCounters(metrics: String(decoding: bytes, as: UTF8.self))
    }

    func close() async { await client.close() }
}
