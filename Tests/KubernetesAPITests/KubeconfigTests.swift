import KubernetesModel
import SystemPackage
import Testing

@testable import KubernetesAPI

@Suite struct KubeconfigTests {
    private static let complete = """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: c1
          cluster: {server: "https://one:6443/", certificate-authority: ca.pem, tls-server-name: api.example}
        - name: c2
          cluster: {server: "https://two:6443", insecure-skip-tls-verify: true}
        - name: c3
          cluster: {server: "https://three:6443", certificate-authority-data: SGVsbG8=}
        contexts:
        - {name: one, context: {cluster: c1, user: token, namespace: vms}}
        - {name: two, context: {cluster: c2, user: certificate}}
        - {name: three, context: {cluster: c3, user: file}}
        - {name: plugin, context: {cluster: c3, user: plugin}}
        - {name: lost, context: {cluster: c1, user: nobody}}
        - {name: odd, context: {cluster: c1, user: half}}
        - {name: old, context: {cluster: c1, user: provider}}
        - {name: nowhere, context: {cluster: c9, user: token}}
        users:
        - {name: token, user: {token: secret}}
        - {name: certificate, user: {client-certificate: client.pem, client-key-data: S0VZ}}
        - {name: file, user: {token: ignored, tokenFile: /run/token}}
        - {name: half, user: {client-certificate: client.pem}}
        - {name: provider, user: {auth-provider: {name: gcp}}}
        - name: plugin
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              command: ./bin/login
              args: [a, b]
              env: [{name: STAGE, value: test}]
              provideClusterInfo: true
        """

    private func read(_ text: String, _ context: String? = nil) throws -> (ServerConfiguration, FilePath) {
        let folder = try TemporaryFolder()
        let path = try folder.write("config", text)
        return (try ServerConfiguration.kubeconfig(path, context: context), folder.path)
    }

    @Test("the current context says server, namespace, authority and token, with paths from the file's folder")
    func current() throws {
        let (configuration, folder) = try read(Self.complete)
        #expect(configuration.server == "https://one:6443")
        #expect(configuration.namespace == "vms")
        #expect(configuration.tlsServerName == "api.example")
        #expect(configuration.trust == .authorities(.file(folder.appending("ca.pem"))))
        #expect(configuration.user.token == .text("secret"))
    }

    @Test("a context can be named, and data stands for a file")
    func named() throws {
        let (two, folder) = try read(Self.complete, "two")
        #expect(two.trust == .anybody)
        #expect(two.namespace == "default")
        #expect(two.user.certificate == .file(folder.appending("client.pem")))
        #expect(two.user.key == .text("KEY"))
        let (three, _) = try read(Self.complete, "three")
        #expect(three.trust == .authorities(.text("Hello")))
        #expect(three.user.token == .file("/run/token"))
    }

    @Test("an exec plugin is read with its variables, and is told of the cluster where it asks for that")
    func plugin() throws {
        let (configuration, folder) = try read(Self.complete, "plugin")
        let plugin = try #require(configuration.user.plugin)
        #expect(
            plugin.command == folder.appending("bin/login").lexicallyNormalized().string
                || plugin.command == folder.appending("./bin/login").string)
        #expect(plugin.arguments == ["a", "b"])
        #expect(plugin.environment == ["STAGE": "test"])
        let info = try Sample.node(plugin.info)
        #expect(info["apiVersion"]?.text == "client.authentication.k8s.io/v1beta1")
        #expect(info[["spec", "cluster", "server"]]?.text == "https://three:6443")
        #expect(info[["spec", "cluster", "certificate-authority-data"]]?.text == "SGVsbG8=")
    }

    @Test(
        "what cannot work is said with its reason",
        arguments: [
            ("lost", "nobody"), ("odd", "client-key"), ("old", "auth-provider"), ("nowhere", "no cluster"),
            ("other", "there is no context \"other\""),
        ])
    func problems(context: String, word: String) throws {
        #expect { try read(Self.complete, context) } throws: { "\($0)".contains(word) }
    }

    @Test(
        "a file that is none is refused",
        arguments: [
            "", "[]", "a: [", "current-context: x", "{\"contexts\": [{\"name\": \"x\"}], \"current-context\": \"x\"}",
        ])
    func refused(text: String) throws {
        #expect(throws: APIError.self) { try read(text) }
    }

    @Test("of several files the first entry of a name counts, and those that are missing are left out")
    func merged() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write(
            "first",
            """
            current-context: here
            users: [{name: me, user: {token: first}}]
            """)
        let second = try folder.write(
            "second",
            """
            current-context: there
            clusters: [{name: c, cluster: {server: "https://c"}}]
            users: [{name: me, user: {token: second}}]
            contexts: [{name: here, context: {cluster: c, user: me}}]
            """)
        let paths = [folder.path.appending("missing"), first, second]
        let configuration = try ServerConfiguration.kubeconfig(paths, context: nil)
        #expect(configuration.server == "https://c")
        #expect(configuration.user.token == .text("first"))
        #expect(throws: APIError.self) {
            try ServerConfiguration.kubeconfig(folder.path.appending("missing"), context: nil)
        }
        let variables = ["KUBECONFIG": paths.map(\.string).joined(separator: ":")]
        #expect(try ServerConfiguration.userDefault(context: nil, environment: variables).server == "https://c")
    }

    @Test("a pod's service account is found below any root, and an IPv6 address is put in brackets")
    func inCluster() throws {
        let folder = try TemporaryFolder()
        let place = folder.path.appending("var/run/secrets/kubernetes.io/serviceaccount")
        let variables = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        #expect(throws: APIError.self) { try ServerConfiguration.inCluster(root: folder.path, environment: variables) }
        try place.createFolder()
        for (name, text) in [("token", "t\n"), ("ca.crt", "c"), ("namespace", "vms\n")] {
            try folder.write("var/run/secrets/kubernetes.io/serviceaccount/\(name)", text)
        }
        let configuration = try ServerConfiguration.inCluster(root: folder.path, environment: variables)
        #expect(configuration.server == "https://[fd00::1]:443")
        #expect(configuration.namespace == "vms")
        #expect(configuration.user.token == .file(place.appending("token")))
        #expect(throws: APIError.self) { try ServerConfiguration.inCluster(root: folder.path, environment: [:]) }
    }
}
