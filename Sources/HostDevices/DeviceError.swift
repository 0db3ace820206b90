package import SystemPackage

/// Why a device could not be taken, given back or made.
package enum DeviceError: Error, Sendable, Hashable {
    case invalidConfiguration([PermittedDevicesFault])

    case notAPCIAddress(String)
    case notAUUID(String)
    case notAMACAddress(String)
    case notAVLAN(Int)

    case deviceVanished(address: String, DeviceAbsence)
    case noIOMMU(address: String)
    case notInGroup(address: String)
    case groupNotWhole(address: String, group: Int, foreign: [GroupMember])
    case alreadyHeld(device: String, holder: String)
    /// A VM that is to have devices has a hold of an earlier start.
    case holdLeft(name: String)

    case vfioMissing(problem: String)
    case notBound(address: String, wanted: String, found: String?)
    case nodeMissing(path: String)
    case resetFailed(address: String, methods: [String], problem: String)

    case unknownMediatedType(name: String, offered: [String])
    case noInstancesLeft(name: String, parents: [String])
    case mediatedDeviceExists(uuid: String, type: String?, wanted: MediatedRequest)
    case mediatedDeviceNotMade(MediatedRequest)

    case notAVirtualFunction(address: String)
    /// A virtual function is to be set up that the VM does not get.
    case notRequested(address: String, name: String)
    case noInterface(physicalFunction: String, driver: String?)
    case notSRIOV(address: String)
    case tooManyVirtualFunctions(address: String, wanted: Int, total: Int)
    case virtualFunctionsExist(address: String, current: Int, wanted: Int)

    case writeFailed(path: String, text: String, Errno)
    case ownerNotChanged(path: String, FileOwner, Errno)
    case commandMissing(program: String)
    case commandFailed(command: String, problem: String)
    case notAUID(String)
    case ledgerFile(path: FilePath, action: String, Errno)
}

/// How a device is gone.
package enum DeviceAbsence: Sendable, Hashable {
    /// The kernel knows it no more.
    case unplugged
    /// It is listed and does not answer: it lost power, or fell off the bus.
    case silent
}
