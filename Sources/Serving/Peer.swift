import Glibc
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// The other end of a connection, as the kernel and TLS know it.
package struct Peer: Sendable, Equatable {
    /// The process at the other end of a Unix socket, when it connected.
    package struct Process: Sendable, Equatable {
        package var uid: UInt32
        package var gid: UInt32
        package var pid: Int32
    }

    /// The subject of a certificate that was verified.
    package struct Certificate: Sendable, Equatable {
        package var commonName: String
        package var organizations: [String]
    }

    /// `IP:port`; empty for a Unix socket.
    package var address: String
    package var process: Process?
    package var certificate: Certificate?

    package init(address: String = "", process: Process? = nil, certificate: Certificate? = nil) {
        self.address = address
        self.process = process
        self.certificate = certificate
    }
}

extension Peer {
    /// Reads who is at the other end; with TLS, after the handshake.
    static func read(_ channel: any Channel, isUnix: Bool, hasTLS: Bool) async throws -> Peer {
        var peer = Peer()
        if isUnix {
            if let socket = channel as? any SocketOptionProvider {
                let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
                // The kernel's struct ucred, which Glibc's module does not show: pid, uid, gid.
                let credentials: (UInt32, UInt32, UInt32) =
                    try await socket.unsafeGetSocketOption(level: .socket, name: option).get()
                peer.process = Process(
                    uid: credentials.1, gid: credentials.2, pid: Int32(bitPattern: credentials.0))
            }
        } else if let address = channel.remoteAddress {
            peer.address = "\(address.ipAddress ?? ""):\(address.port ?? 0)"
        }
        if hasTLS, let certificate = try await channel.nioSSL_peerCertificate().get() {
            peer.certificate = Certificate(try X509.Certificate(derEncoded: certificate.toDERBytes()).subject)
        }
        return peer
    }
}

extension Peer.Certificate {
    /// The last common name counts, as for Go's and OpenSSL's readers.
    init(_ subject: DistinguishedName) {
        commonName = ""
        organizations = []
        for attribute in subject.lazy.flatMap({ $0 }) {
            guard let text = String(attribute.value) else { continue }
            switch attribute.type {
            case .RDNAttributeType.commonName: commonName = text
            case .RDNAttributeType.organizationName: organizations.append(text)
            default: break
            }
        }
    }
}
