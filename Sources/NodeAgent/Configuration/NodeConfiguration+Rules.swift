internal import HostDevices

extension NodeConfiguration {
    /// What is wrong between keys, each of which is fine by itself: a key, and the end of a sentence.
    func contradictions() -> [(String, String)] {
        var result: [(String, String)] = []
        if api.kubeconfig != nil, api.inCluster {
            result.append(("api.inCluster", "and api.kubeconfig exclude each other: remove one"))
        }
        if api.context != nil, api.kubeconfig == nil {
            result.append(("api.context", "needs api.kubeconfig: name the file that holds the context"))
        }
        for (name, tls) in [("metrics.tls", metrics.tls), ("streams.tls", streams.tls)] {
            if (tls.certificate == nil) != (tls.key == nil) {
                result.append((name, "needs both certificate and key"))
            } else if tls.clientCA != nil, tls.certificate == nil {
                result.append(("\(name).clientCA", "needs certificate and key beside it"))
            }
        }
        if !streams.allowedNames.isEmpty, streams.tls.clientCA == nil {
            result.append(("streams.allowedNames", "needs streams.tls.clientCA: names are read from certificates"))
        }
        let ports = [
            ("local.loopbackPort", local.loopbackPort), ("metrics.port", metrics.port), ("streams.port", streams.port),
        ].filter { $0.1 != 0 }
        for (index, (name, port)) in ports.enumerated() {
            guard let other = ports.prefix(index).first(where: { $0.1 == port }) else { continue }
            result.append((name, "is \(port), as \(other.0) is: give each a port of its own"))
        }
        do throws(DeviceError) { try permittedHostDevices.validate() } catch {
            if case .invalidConfiguration(let faults) = error { result += faults.map { ($0.field, $0.problem) } }
        }
        if unresponsiveAfterSeconds <= nodeLeaseSeconds {
            result.append(
                (
                    "unresponsiveAfterSeconds",
                    "is \(unresponsiveAfterSeconds), and must be more than nodeLeaseSeconds, which is \(nodeLeaseSeconds)"
                ))
        }
        return result
    }
}
