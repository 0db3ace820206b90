import FoundationEssentials
import HostModel
import KubernetesModel
import Logging
import NodeAgent
import SystemPackage
import Testing

@Suite struct NodeConfigurationTests {
    private func read(
        _ text: String, environment: [String: String] = [:], options: [String: String] = [:]
    ) throws(ConfigurationError) -> NodeConfiguration {
        var reader = ConfigurationReader()
        try reader.take(text: text, file: "config.yaml")
        reader.take(environment: environment)
        reader.take(options: options)
        return try reader.finish()
    }

    private func faults(
        _ text: String, environment: [String: String] = [:], options: [String: String] = [:]
    ) -> [String] {
        do {
            _ = try read(text, environment: environment, options: options)
            return []
        } catch ConfigurationError.invalid(let faults) {
            return faults.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test("an empty file is the defaults")
    func defaults() throws {
        #expect(try read("") == NodeConfiguration())
        #expect(try read("metrics:\n").metrics.port == 8185)
        #expect(NodeConfiguration().api.isLocal)
    }

    @Test("every key of the file reaches its place")
    func everything() throws {
        let configuration = try read(
            """
            nodeName: node-1.example
            libvirtURI: embedded
            accelerator: emulation
            emulation: forbidden
            parallelStarts: 6
            api: {kubeconfig: /etc/k, context: c}
            local: {loopbackPort: 0, socketGroup: virt}
            claim: {enabled: true, namespaces: [a, b], delaySeconds: 3}
            manifests: ""
            orphanedDomains: stop
            metrics: {address: "::1", port: 9000, tls: {certificate: /c, key: /k, clientCA: /ca}}
            streams: {address: 127.0.0.1, port: 9001, tls: {certificate: /c, key: /k, clientCA: /ca}, allowedNames: [x]}
            priorityClasses: {high: 1000, low: -5}
            labels: {cpuFeatures: true}
            nodeLeaseSeconds: 20
            leaseNamespace: vms
            unresponsiveAfterSeconds: 60
            logLevel: debug
            """)
        var expected = NodeConfiguration()
        expected.nodeName = "node-1.example"
        expected.libvirt = .embedded
        expected.accelerator = .emulation
        expected.emulation = .forbidden
        expected.parallelStarts = 6
        expected.api.kubeconfig = "/etc/k"
        expected.api.context = "c"
        expected.local.loopbackPort = 0
        expected.local.socketGroup = "virt"
        expected.claim.enabled = true
        expected.claim.namespaces = ["a", "b"]
        expected.claim.delaySeconds = 3
        expected.manifests = nil
        expected.orphanedDomains = .stop
        expected.metrics.address = "::1"
        expected.metrics.port = 9000
        expected.metrics.tls.certificate = "/c"
        expected.metrics.tls.key = "/k"
        expected.metrics.tls.clientCA = "/ca"
        expected.streams.address = "127.0.0.1"
        expected.streams.port = 9001
        expected.streams.tls = expected.metrics.tls
        expected.streams.allowedNames = ["x"]
        expected.priorityClasses = ["high": 1000, "low": -5]
        expected.labels.cpuFeatures = true
        expected.nodeLeaseSeconds = 20
        expected.leaseNamespace = "vms"
        expected.unresponsiveAfterSeconds = 60
        expected.logLevel = .debug
        #expect(configuration == expected)
    }

    @Test("the environment overrides the file, and the command line both")
    func layers() throws {
        let text = "logLevel: error\nmetrics: {port: 1}\nclaim: {namespaces: [a]}"
        let configuration = try read(
            text,
            environment: [
                "VIRT_NODE_LOG_LEVEL": "info", "VIRT_NODE_METRICS_PORT": "2", "VIRT_NODE_CLAIM_NAMESPACES": "b,c",
                "VIRT_NODE_PRIORITY_CLASSES": "high=7", "VIRT_NODE_METRICS_TLS_CLIENT_CA": "",
            ], options: ["logLevel": "trace"])
        #expect(configuration.logLevel == .trace)
        #expect(configuration.metrics.port == 2)
        #expect(configuration.claim.namespaces == ["b", "c"])
        #expect(configuration.priorityClasses == ["high": 7])
    }

    @Test("a credential of systemd's that is named like a key stands for its file")
    func credentials() throws {
        var reader = ConfigurationReader()
        try reader.take(text: "api: {kubeconfig: /etc/k}\nmetrics: {tls: {key: /etc/key}}", file: "config.yaml")
        reader.take(credentials: ["api.kubeconfig", "api.kubeconfg", "other", "logLevel"], in: "/run/credentials/x")
        reader.take(environment: ["VIRT_NODE_METRICS_TLS_KEY": "/env"])
        #expect(reader.warnings == ["the credential api.kubeconfg has no effect: did you mean api.kubeconfig?"])
        reader.take(options: ["metrics.tls.certificate": "/c"])
        let configuration = try reader.finish()
        #expect(configuration.api.kubeconfig == "/run/credentials/x/api.kubeconfig")
        #expect(configuration.metrics.tls.key == "/env")
        #expect(configuration.logLevel == .info)
    }

    @Test("the schema has every key, and each says when it changes")
    func schema() {
        for key in ConfigurationKey.all {
            var node: DocumentNode? = ConfigurationSchema.document
            for word in key.path.split(separator: ".") { node = node?["properties"]?[String(word)] }
            #expect(node?["description"]?.text?.hasPrefix(key.summary) == true, "\(key.path)")
            #expect(node?["type"] != nil || node?["enum"] != nil, "\(key.path)")
        }
    }

    @Test("an unknown key is an error with its place and the nearest key")
    func unknownKeys() {
        #expect(
            faults("metrics:\n  prot: 3\n") == ["config.yaml:2:9: metrics.prot is no key: did you mean metrics.port?"])
        #expect(faults("claims: {enabled: true}") == ["config.yaml:1:1: claims is no key: did you mean claim?"])
        #expect(faults("context: c") == ["config.yaml:1:10: context is no key: did you mean api.context?"])
        #expect(faults("api: 3") == ["config.yaml:1:6: api must hold keys and values"])
        #expect(
            faults("", options: ["logLevle": "info"]) == ["command line: logLevle is no key: did you mean logLevel?"])
    }

    @Test(
        "a value that is not allowed is named, with what is",
        arguments: [
            ("metrics: {port: 70000}", "metrics.port is \"70000\", and must be a whole number from 0 to 65535"),
            ("logLevel: loud", "logLevel is \"loud\", and must be one of trace, debug, info"),
            ("claim: {enabled: perhaps}", "claim.enabled is \"perhaps\", and must be true or false"),
            ("nodeName: Node_1", "nodeName is \"Node_1\", and must be a name of small letters"),
            ("libvirtURI: nonsense", "libvirtURI is \"nonsense\", and must be auto, system, embedded or a URI"),
            ("manifests: vmis.d", "manifests is \"vmis.d\", and must be an absolute path, or empty"),
            ("parallelStarts: 0", "parallelStarts is \"0\", and must be auto, or a whole number from 1 to 256"),
            ("metrics: {address: host}", "metrics.address is \"host\", and must be an IP address"),
            (
                "priorityClasses: {high: x}",
                "priorityClasses is \"high=x\", and must be a map from names to whole numbers"
            ),
            ("claim: {namespaces: [[a]]}", "claim.namespaces holds something else, and must be a list"),
        ])
    func values(text: String, fault: String) {
        let found = faults(text)
        #expect(found.count == 1 && found.first?.contains(fault) == true, "\(found)")
    }

    @Test("a wrong variable is named by its own name")
    func environment() {
        #expect(
            faults("", environment: ["VIRT_NODE_METRICS_PORT": "many"]) == [
                """
                environment variable VIRT_NODE_METRICS_PORT: metrics.port is "many", and must be a whole number from 0 to 65535
                """
            ])
    }

    @Test("variables that a cluster sets are let be, and a slip is told of")
    func foreignVariables() {
        var reader = ConfigurationReader()
        reader.take(environment: ["VIRT_NODE_SERVICE_HOST": "10.0.0.1", "VIRT_NODE_LOG_LEVLE": "info"])
        #expect(
            reader.warnings == [
                "environment variable VIRT_NODE_LOG_LEVLE has no effect: did you mean VIRT_NODE_LOG_LEVEL?"
            ])
    }

    @Test(
        "keys that contradict each other are found",
        arguments: [
            ("api: {kubeconfig: /k, inCluster: true}", "api.inCluster"), ("api: {context: c}", "api.context"),
            ("metrics: {tls: {certificate: /c}}", "metrics.tls"),
            ("streams: {allowedNames: [a]}", "streams.allowedNames"),
            ("streams: {port: 8185}", "streams.port"), ("nodeLeaseSeconds: 400", "unresponsiveAfterSeconds"),
        ])
    func contradictions(text: String, key: String) {
        let found = faults(text)
        #expect(found.count == 1 && found.first?.hasPrefix("configuration: \(key) ") == true, "\(found)")
    }

    @Test("all faults are told at once")
    func allFaults() {
        #expect(faults("a: 1\nb: 2\nlogLevel: loud").count == 3)
    }

    @Test("a file that the user named must be there, and the standard one need not")
    func files() throws {
        let error = #expect(throws: ConfigurationError.self) { try NodeConfiguration.load("/nonexistent/config.yaml") }
        #expect(error?.description.contains("/nonexistent/config.yaml") == true)
        let path = FilePath("/tmp/virt-node-configuration-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try Data("logLevel: warning\n".utf8).write(to: URL(fileURLWithPath: path.string))
        #expect(try NodeConfiguration.load(path).configuration.logLevel == .warning)
    }

    @Test("every key has a variable of its own")
    func variables() {
        let names = ConfigurationKey.all.map(\.environmentName)
        #expect(Set(names).count == names.count)
        #expect(names.contains("VIRT_NODE_LIBVIRT_URI"))
        #expect(names.contains("VIRT_NODE_STREAMS_TLS_CLIENT_CA"))
        #expect(names.contains("VIRT_NODE_API_IN_CLUSTER"))
    }
}
