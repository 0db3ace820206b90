import HostModel
import SystemPackage

extension DeviceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidConfiguration(let faults):
            faults.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
        case .notAPCIAddress(let text):
            "\"\(text.prefix(60))\" is not a PCI address: write it as lspci -D shows it, 0000:41:00.0"
        case .notAUUID(let text): "\"\(text.prefix(60))\" is not a UUID: uuidgen makes one"
        case .notAMACAddress(let text):
            "\"\(text.prefix(60))\" is not the MAC address of one machine: write six pairs, as 52:54:00:0a:1b:2c"
        case .notAVLAN(let vlan): "VLAN \(vlan) does not exist: choose 1 to 4094"
        case .deviceVanished(let address, .unplugged): "device \(address) is gone: plug it in, or choose another"
        case .deviceVanished(let address, .silent):
            "device \(address) does not answer (its vendor id reads 0xffff): power the host off and on"
        case .noIOMMU(let address): "device \(address) cannot be given to a VM: \(Self.iommuRemedy)"
        case .notInGroup(let address):
            "device \(address) is in no IOMMU group, though others are: choose another, or another slot for it"
        case .groupNotWhole(let address, let group, let foreign):
            "device \(address) shares IOMMU group \(group) with \(foreign.listed): \(Self.groupRemedy)"
        case .holdLeft(let name): "\(name) holds devices of an earlier start: give those back first"
        case .alreadyHeld(let device, let holder): "device \(device) belongs to \(holder): stop that VM first"

        case .vfioMissing(let problem):
            "the driver vfio-pci is not loaded (\(problem)): install the kernel's modules, then modprobe vfio-pci"
        case .notBound(let address, let wanted, let found):
            "device \(address) is bound to \(found ?? "no driver") in place of \(wanted): see dmesg for the reason"
        case .nodeMissing(let path): "\(path) is not there: see that udev or devtmpfs makes it"
        case .resetFailed(let address, let methods, let problem):
            "device \(address) could not be reset\(methods.isEmpty ? "" : " by \(methods.joined(separator: ", "))") "
                + "(\(problem)): power the host off and on before a VM has it again"
        case .writeFailed(let path, let text, let errno): "writing \"\(text.trimmed)\" to \(path): \(errno)"
        case .ownerNotChanged(let path, let owner, let errno): "giving \(path) to \(owner): \(errno)"
        case .commandMissing(let program): "\(program) is not installed: install \(Self.package(of: program))"
        case .commandFailed(let command, let problem): "\(command): \(problem)"
        case .notAUID(let text): "\"\(text.prefix(60))\" is not the uid of a VMI"
        case .ledgerFile(let path, let action, let errno): "could not \(action) \(path): \(errno)"

        case .unknownMediatedType(let name, let offered):
            "no device of this host makes mediated devices \"\(name.prefix(60))\", only "
                + "\(offered.isEmpty ? "none at all: load the vendor's driver" : offered.joined(separator: ", "))"
        case .noInstancesLeft(let name, let parents):
            "0 instances of \"\(name)\" are left on \(parents.joined(separator: ", ")): stop a VM that has one, "
                + "or choose another type"
        case .mediatedDeviceExists(let uuid, let type, let wanted):
            "mediated device \(uuid) of \(wanted.type) on \(wanted.parent) cannot be made, since one of that UUID and of "
                + "type \(type ?? "unknown") is there already: remove it, or choose another UUID"
        case .mediatedDeviceNotMade(let wanted):
            "\(wanted.parent) took mediated device \(wanted.uuid) of \(wanted.type), but it is not there: see dmesg"
        case .notAVirtualFunction(let address):
            "device \(address) is no virtual function: MAC and VLAN can be set for those only"
        case .notRequested(let address, let name):
            "\(name) sets MAC or VLAN of \(address), which is not among its devices: request that device too"
        case .noInterface(let physical, let driver):
            "\(physical) has no network interface to set its virtual functions by: bind it to its driver"
                + (driver.map { ", it has \($0)" } ?? "")
        case .notSRIOV(let address): "device \(address) makes no virtual functions: switch SR-IOV on in its firmware"
        case .tooManyVirtualFunctions(let address, let wanted, let total):
            "device \(address) makes 1 to \(total) virtual functions, not \(wanted)"
        case .virtualFunctionsExist(let address, let current, let wanted):
            "device \(address) has \(current) virtual functions and not \(wanted): stop the VMs that use them, "
                + "write 0 to its sriov_numvfs and start again"
        }
    }

    static let iommuRemedy =
        "there is no IOMMU: switch on VT-d or AMD-Vi in the firmware's setup, "
        + "on Intel boot with intel_iommu=on iommu=pt, and restart the host"
    static let groupRemedy =
        "give them to the same VM, bind them to vfio-pci too (driverctl set-override ADDRESS vfio-pci), move the card "
        + "to another slot, or switch on ACS in the firmware's setup"

    private static func package(of program: String) -> String {
        ["ip": "iproute2", "modprobe": "kmod"][program] ?? program
    }
}

extension [GroupMember] {
    /// `0000:41:00.1 (10DE:22BA, snd_hda_intel)`, each.
    var listed: String {
        map { member in
            let driver = member.driver ?? "no driver"
            let holder = member.holder.map { ", held by \($0)" } ?? ""
            return "\(member.address) (\(member.selector), \(driver)\(holder))"
        }.joined(separator: ", ")
    }
}
