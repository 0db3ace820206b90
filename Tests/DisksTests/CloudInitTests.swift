import DomainModel
import DomainPlan
import Images
import KubeVirtModel
import KubernetesModel
import SystemPackage
import Testing

@testable import Disks

@Suite struct CloudInitTests {
    let bench: DiskBench

    init() throws { bench = try DiskBench() }

    @Test("a NoCloud medium holds what cloud-init reads")
    func noCloud() async throws {
        let disk = try await bench.disk(
            "{name: seed, cloudInitNoCloud: {userData: \"#cloud-config\\n\", networkDataBase64: dmVyc2lvbjogMgo=}}")
        #expect(disk.source.format == .raw && disk.source.backing.isEmpty && disk.capacity > 0)
        #expect(disk.source.path == bench("vm/seed.iso").string)
        #expect(
            try await bench.files(on: disk.source.path) == [
                "user-data": "#cloud-config\n", "network-config": "version: 2\n",
                "meta-data": #"{"instance-id":"web.one.shop","local-hostname":"web"}"#,
            ])
    }

    @Test("a ConfigDrive medium holds OpenStack's files")
    func configDrive() async throws {
        let disk = try await bench.disk(
            #"{name: seed, cloudInitConfigDrive: {userDataBase64: "I2Nsb3Vk\nLWNvbmZpZw=="}}"#)
        #expect(
            try await bench.files(on: disk.source.path) == [
                "openstack/latest/user_data": "#cloud-config",
                "openstack/latest/meta_data.json":
                    #"{"instance_id":"web.one.shop","uuid":"5d307ca9-b3ef-428c-8861-06e72d69f223","hostname":"web","local_hostname":"web"}"#,
            ])
    }

    private func image(_ source: String, objects: String = "", hostname: String = "") throws -> ISO9660Image {
        let preparer = try bench.preparer(
            volumes: "{name: seed, cloudInitNoCloud: \(source)}", objects: objects, hostname: hostname)
        let volume = try #require(preparer.instance.spec.volumes.first?.cloudInitNoCloud)
        return try CloudInit(preparer, "seed").noCloud(volume)
    }

    @Test("the medium is labelled as cloud-init looks for it")
    func labels() throws {
        #expect(try image("{userData: x}").volumeID == "cidata")
        let preparer = try bench.preparer(volumes: "{name: seed, cloudInitConfigDrive: {userData: x}}")
        let source = try #require(preparer.instance.spec.volumes.first?.cloudInitConfigDrive)
        #expect(try CloudInit(preparer, "seed").configDrive(source).volumeID == "config-2")
    }

    @Test("a host name of one's own stands")
    func hostname() throws {
        let image = try image("{userData: x}", hostname: ", hostname: db-1")
        let metadata = image.files.first { $0.path == "meta-data" }.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(metadata?.contains(#""local-hostname":"db-1""#) == true)
    }

    @Test("network data alone still gives user data, which cloud-init insists on")
    func networkOnly() throws {
        let image = try image("{networkData: net}")
        #expect(image.files.map(\.path) == ["meta-data", "network-config", "user-data"])
        #expect(image.files.last?.bytes == [])
    }

    @Test(
        "a secret brings user data and network data by either spelling of its key", arguments: ["userdata", "userData"])
    func secret(key: String) throws {
        let image = try image(
            "{secretRef: {name: s}, networkDataSecretRef: {name: s}}",
            objects:
                "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, stringData: {\(key): u, networkData: w}}"
        )
        #expect(image.files.map { String(decoding: $0.bytes, as: UTF8.self) }.dropFirst() == ["w", "u"])
    }

    @Test(
        "what is missing is told by volume and name",
        arguments: [
            (
                "{secretRef: {name: s}}",
                "volume seed: there is no Secret \"s\" in namespace shop: create it"
            ),
            (
                "{secretRef: {name: other}}",
                "volume seed: Secret \"other\" has none of the keys userdata, userData: add one"
            ),
            (
                "{networkDataSecretRef: {name: other}}",
                "volume seed: Secret \"other\" has none of the keys networkdata, networkData: add one"
            ),
        ])
    func missing(source: String, message: String) async {
        let text = await problem {
            try image(
                source,
                objects: "{apiVersion: v1, kind: Secret, metadata: {name: other, namespace: shop}, stringData: {x: v}}")
        }
        #expect(text == message)
    }

    @Test("data that are not base64 are told by field")
    func notBase64() throws {
        let preparer = try bench.preparer(volumes: "{name: seed, cloudInitNoCloud: {userDataBase64: YQ==}}")
        var source = try #require(preparer.instance.spec.volumes.first?.cloudInitNoCloud)
        source.userDataBase64 = "a"
        let error = #expect(throws: DiskError.self) { try CloudInit(preparer, "seed").noCloud(source) }
        #expect(error?.description == "volume seed: userDataBase64 is not base64")
    }

    @Test("a secret of another namespace is none of the VMI's")
    func namespace() async {
        let text = await problem {
            try image(
                "{secretRef: {name: s}}",
                objects:
                    "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}, stringData: {userdata: u}}"
            )
        }
        #expect(text.contains("there is no Secret \"s\" in namespace shop"))
    }

    @Test("data that are too large are told with both figures")
    func tooLarge() throws {
        let preparer = try bench.preparer(volumes: "{name: seed, cloudInitNoCloud: {userData: x}}")
        var source = try #require(preparer.instance.spec.volumes.first?.cloudInitNoCloud)
        source.userData = String(repeating: "x", count: 1 << 20)
        #expect(try CloudInit(preparer, "seed").noCloud(source).files.last?.bytes.count == 1 << 20)
        source.userData?.append("x")
        let error = #expect(throws: DiskError.self) { try CloudInit(preparer, "seed").noCloud(source) }
        #expect(
            error?.description
                == "volume seed: its data are 1048577 bytes, and the limit is 1048576: keep large data on a disk")
    }
}
