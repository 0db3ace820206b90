package import SystemPackage

/// The PEM files of a TLS server. They may change at any time: a connection gets what they say when it comes.
package struct TLSFiles: Sendable, Equatable {
    /// The server's certificate, and those between it and its CA.
    package var certificate: FilePath
    package var key: FilePath
    /// Where given, a client must send a certificate that one of these signed.
    package var clientCA: FilePath?
    /// Whether clients must speak TLS 1.3; else 1.2 will do.
    package var requiresTLS13: Bool

    package init(certificate: FilePath, key: FilePath, clientCA: FilePath? = nil, requiresTLS13: Bool = true) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
        self.requiresTLS13 = requiresTLS13
    }
}
