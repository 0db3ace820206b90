internal import FoundationEssentials
internal import Glibc
internal import HostModel
internal import KubernetesModel
package import SystemPackage

/// The secrets that lie on a node: the files that hold them are read for nothing but to find them elsewhere.
package enum KnownSecrets {
    /// What the configuration, a kubeconfig and the usual places of credentials name.
    package static func learn(
        _ scrubber: inout SecretScrubber, _ folders: SessionFolders, _ configuration: NodeConfiguration?,
        kubeconfigs: [FilePath]
    ) {
        for name in ["token", "tls.key"] { file(folders.local.appending(name), &scrubber) }
        for tls in [configuration?.metrics.tls, configuration?.streams.tls] {
            if let key = tls?.key { file(FilePath(key), &scrubber) }
        }
        file("/var/run/secrets/kubernetes.io/serviceaccount/token", &scrubber)
        let own = [configuration?.api.kubeconfig.map { FilePath($0) }, folders.local.appending("kubeconfig")]
        let named = DumpProcess.all(of: folders).flatMap { $0.values(of: "--kubeconfig") }.map { FilePath($0) }
        for path in kubeconfigs + own.compactMap(\.self) + named { kubeconfig(path, &scrubber) }
        let home = getenv("HOME").map { String(cString: $0) } ?? "/root"
        let daemons = DumpProcess.all(of: folders).flatMap { $0.values(of: "--authfile") }
        let usual = [
            getenv("REGISTRY_AUTH_FILE").map { String(cString: $0) }, "/run/containers/0/auth.json",
            "\(home)/.docker/config.json", "\(home)/.config/containers/auth.json",
        ]
        for path in daemons + usual.compactMap(\.self) { logins(FilePath(path), &scrubber) }
    }

    /// A token or a key: the whole file, and of PEM each line, since it may stand elsewhere in other lines.
    private static func file(_ path: FilePath, _ scrubber: inout SecretScrubber) {
        guard let text = try? DumpFile.tail(path, limit: 1 << 20) else { return }
        learn(text, &scrubber)
    }

    private static func learn(_ text: String, _ scrubber: inout SecretScrubber) {
        scrubber.learn(text)
        guard text.contains("-----BEGIN") else { return }
        for line in text.split(separator: "\n") where !line.hasPrefix("-----") && line.utf8.count > 16 {
            scrubber.learn(String(line))
        }
    }

    private static func kubeconfig(_ path: FilePath, _ scrubber: inout SecretScrubber) {
        guard let text = try? DumpFile.tail(path, limit: 8 << 20), let document = try? DocumentReader().read(text).first
        else { return }
        for entry in document["users"]?.elements ?? [] {
            guard let user = entry["user"] else { continue }
            for name in ["token", "password"] { if let text = user[name]?.text { scrubber.learn(text) } }
            if let data = user["client-key-data"]?.text {
                scrubber.learn(data)
                if let bytes = Base64.decode(data) { learn(String(decoding: bytes, as: UTF8.self), &scrubber) }
            }
            for name in ["tokenFile", "client-key"] {
                guard let named = user[name]?.text else { continue }
                let target = FilePath(named)
                file(target.isAbsolute ? target : path.removingLastComponent().pushing(target), &scrubber)
            }
        }
    }

    /// Credentials of registries, as docker keeps them.
    private static func logins(_ path: FilePath, _ scrubber: inout SecretScrubber) {
        guard let text = try? DumpFile.tail(path, limit: 1 << 20), let document = try? DocumentReader().read(text).first
        else { return }
        for login in document["auths"]?.members ?? [] {
            for name in ["auth", "password", "identitytoken", "registrytoken"] {
                if let text = login.value[name]?.text { scrubber.learn(text) }
            }
            if let auth = login.value["auth"]?.text, let bytes = Base64.decode(auth),
                let password = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).last
            {
                scrubber.learn(String(password))
            }
        }
    }
}

extension DumpProcess {
    /// What follows an option of the daemon, or is joined to it by `=`.
    fileprivate func values(of option: String) -> [String] {
        guard program == "virt-node" else { return [] }
        return arguments.indices.compactMap { index in
            if arguments[index] == option, index + 1 < arguments.count { return arguments[index + 1] }
            return arguments[index].hasPrefix("\(option)=") ? String(arguments[index].dropFirst(option.count + 1)) : nil
        }
    }
}
