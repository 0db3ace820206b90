import FoundationEssentials
import KubernetesModel

/// A kubeconfig that points kubectl at the server.
enum Kubeconfig {
    static func text(server: String, authority: String, token: String) -> String {
        func entry(_ name: String, _ kind: String, _ members: [DocumentMember]) -> DocumentNode {
            .array([.object([DocumentMember("name", .string(name)), DocumentMember(kind, .object(members))])])
        }
        let name = "virt-node"
        let cluster = [
            DocumentMember("certificate-authority-data", .string(Data(authority.utf8).base64EncodedString())),
            DocumentMember("server", .string(server)),
        ]
        return DocumentWriter.yaml(
            .object([
                DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("Config")),
                DocumentMember("clusters", entry(name, "cluster", cluster)),
                DocumentMember("users", entry(name, "user", [DocumentMember("token", .string(token))])),
                DocumentMember(
                    "contexts",
                    entry(
                        name, "context",
                        [
                            DocumentMember("cluster", .string(name)), DocumentMember("namespace", .string("default")),
                            DocumentMember("user", .string(name)),
                        ])),
                DocumentMember("current-context", .string(name)),
            ]))
    }
}
