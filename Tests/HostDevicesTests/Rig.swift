import Glibc
import HostModel
import Placement
import SystemPackage

@testable import HostDevices

/// A host with one of everything that a VM can take, and a VM that takes it all.
///
///     0000:41:00.0  GPU on nvidia          group 14, with the next
///     0000:41:00.1  its audio function     on snd_hda_intel
///     0000:42:00.0  GPU on no driver       group 15
///     0000:43:00.0  GPU on vfio-pci by the operator's hand, group 16
///     0000:44:00.0  NIC on mlx5_core       group 17, with the virtual function 0000:44:00.1 (group 18, mlx5_core)
///     0000:45:00.0  GPU on nvidia          group 19, which makes mediated devices
struct Rig {
    static let uid = "6a1f0b6e-0000-4000-8000-000000000001"
    static let uuid = "b2b7b2c4-0a5e-4f3a-9c8e-5d1f0a7b6c01"
    static let bootID = "boot-1"
    static let addresses = [
        "0000:41:00.0", "0000:41:00.1", "0000:42:00.0", "0000:43:00.0", "0000:44:00.0", "0000:44:00.1", "0000:45:00.0",
    ]
    /// Whom QEMU runs as: chown to others is root's.
    static let owner = getuid() == 0 ? FileOwner(uid: 107, gid: 108) : FileOwner(uid: getuid(), gid: getgid())

    /// Read once, before anything is taken: probing takes longer than all the rest of a test.
    private static let probed = Result { try Rig().folder.host }

    let folder: HostFolder
    let kernel: FakeKernel
    let keeper: DeviceKeeper
    let ledger: DeviceLedger

    init(withVFIO: Bool = true) throws {
        folder = try HostFolder()
        try folder.write("/proc/sys/kernel/random/boot_id", "\(Self.bootID)\n")
        let reset = ["reset": "", "reset_method": "flr bus"]
        try folder.device("0000:41:00.0", driver: "nvidia", group: 14, files: reset)
        try folder.device("0000:41:00.1", "10de:22ba", classCode: "0x040300", driver: "snd_hda_intel", group: 14)
        try folder.device("0000:42:00.0", group: 15, files: reset)
        try folder.device("0000:43:00.0", driver: withVFIO ? "vfio-pci" : nil, group: 16, files: reset)
        if withVFIO {
            try folder.write("/sys/devices/pci0000:40/0000:43:00.0/driver_override", "vfio-pci\n")
            try folder.write("/dev/vfio/16", "")
        }
        try folder.device(
            "0000:44:00.0", "15b3:1021", classCode: "0x020000", driver: "mlx5_core", group: 17,
            files: ["sriov_totalvfs": "8", "sriov_numvfs": "1", "net/eth4/flags": "0x1002"])
        try folder.device("0000:44:00.1", "15b3:101e", classCode: "0x020000", driver: "mlx5_core", group: 18)
        try folder.link("/sys/devices/pci0000:40/0000:44:00.1/physfn", to: "../0000:44:00.0")
        try folder.write("/sys/devices/pci0000:40/0000:44:00.1/config", bytes: [0xFF, 0xFF, 0, 0])
        try folder.link("/sys/devices/pci0000:40/0000:44:00.0/virtfn0", to: "../0000:44:00.1")
        try folder.device("0000:45:00.0", driver: "nvidia", group: 19)
        let type = "/sys/devices/pci0000:40/0000:45:00.0/mdev_supported_types/nvidia-63"
        try folder.write("\(type)/name", "GRID T4-1Q\n")
        try folder.write("\(type)/available_instances", "4\n")
        try folder.write("\(type)/create", "")
        kernel = FakeKernel(
            folder,
            native: [
                "0000:41:00.0": "nvidia", "0000:41:00.1": "snd_hda_intel", "0000:44:00.0": "mlx5_core",
                "0000:44:00.1": "mlx5_core", "0000:45:00.0": "nvidia",
            ])
        keeper = DeviceKeeper(folder.root, kernel)
        ledger = DeviceLedger(folder.path.appending("holds"))
    }

    static func request(uid: String = uid, name: String = "default/web") throws -> VMDevices {
        try VMDevices(
            uid: uid, name: name,
            devices: ["0000:41:00.0", "0000:41:00.1", "0000:42:00.0", "0000:43:00.0", "0000:44:00.1"].map {
                .pci($0)
            },
            mediated: [MediatedRequest(uuid: uuid, type: "nvidia-63", parent: "0000:45:00.0")],
            virtualFunctions: [
                VirtualFunctionSetting(address: "0000:44:00.1", mac: MACAddress("52:54:00:0a:1b:2c"), vlan: 7)
            ])
    }

    func plan() throws -> DeviceHold { try keeper.plan(Self.request(), on: Self.probed.get(), besides: []) }

    /// All that a VM could have changed.
    var state: [String] {
        get async {
            let devices = Self.addresses.map { address in
                "\(address) \(folder.driver(of: address) ?? "-") \(folder.override(of: address) ?? "-")"
            }
            let nodes = folder.root.names(in: "/dev/vfio").map { name in
                var answer = stat()
                lstat("\(folder.path)/dev/vfio/\(name)", &answer)
                return "/dev/vfio/\(name) \(answer.st_uid):\(answer.st_gid)"
            }
            let functions = await kernel.functionSettings.map { "\($0.key) \($0.value)" }
            return devices + nodes + functions + folder.root.names(in: "/sys/bus/mdev/devices")
        }
    }

    /// A start of the daemon, with no VM alive.
    func repair() async throws -> [DeviceError] { await DeviceRepair.run(try repairPlan(), keeper, ledger) }

    func repairPlan(
        living: Set<String> = [], operators: [String] = ["0000:43:00.0"], bootID: String = Rig.bootID
    ) throws -> [DeviceRepair] {
        DeviceRepair.plan(
            ledger.read(), living: living, inUse: [],
            onVFIO: OperatorDevices.onVFIO(folder.root, try Self.probed.get()),
            operators: OperatorDevices(bootID: Self.bootID, addresses: operators), bootID: bootID)
    }
}
