import FoundationEssentials
import SystemPackage

/// The variables that this process was started with.
package enum ProcessEnvironment {
    package static var current: [String: String] { ProcessInfo.processInfo.environment }

    /// The files that kubectl would read: those that KUBECONFIG names, or the one in the home folder.
    static func kubeconfigs(_ environment: [String: String] = current) -> [FilePath] {
        let named = (environment["KUBECONFIG"] ?? "").split(separator: ":").map { FilePath(String($0)) }
        if !named.isEmpty { return named }
        return [FilePath(environment["HOME"] ?? "/root").appending(".kube/config")]
    }
}
