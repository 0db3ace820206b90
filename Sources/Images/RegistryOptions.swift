package import SystemPackage

/// How a registry is reached; handed on to skopeo.
package struct RegistryOptions: Hashable, Sendable {
    /// False also allows plain HTTP.
    package var tlsVerify = true
    /// A folder with `*.crt`, `*.cert` and `*.key` for this registry.
    package var certDir: FilePath?
    /// A file in docker's `config.json` format. Without it and without credentials, skopeo looks where it always does.
    package var authFile: FilePath?

    package init(tlsVerify: Bool = true, certDir: FilePath? = nil, authFile: FilePath? = nil) {
        self.tlsVerify = tlsVerify
        self.certDir = certDir
        self.authFile = authFile
    }
}

/// Who asks the registry. Reaches skopeo through a file of mode 0600, never through its command line.
package enum RegistryCredentials: Sendable {
    case user(name: String, password: String)
    /// The bytes of docker's `config.json`, as in a secret of type `kubernetes.io/dockerconfigjson`, or of the older
    /// `.dockercfg`.
    case dockerConfig([UInt8])
}

/// When a registry is asked, by Kubernetes' names.
package enum ImagePullPolicy: String, Hashable, Sendable, CaseIterable {
    case always = "Always"
    case ifNotPresent = "IfNotPresent"
    case never = "Never"
}
