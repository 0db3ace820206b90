/// What devices of every kind share, and no two of them may have.
struct DeviceLedger {
    private var bootOrders: Set<UInt32> = []
    private var places: [[Int]: String] = [:]
    private var acpiIndexes: Set<Int> = []
    private var macs: [[UInt8]: String] = [:]

    mutating func checkBootOrder(_ order: UInt32?, _ report: inout ValidationReport) {
        guard let order else { return }
        if order == 0 {
            report.error("bootOrder", "0 is no place in an order: count from 1")
        } else if !bootOrders.insert(order).inserted {
            report.error("bootOrder", "\(order) is used twice: give each device a place of its own")
        }
    }

    /// A device's place on the guest's PCI buses.
    mutating func checkPlace(_ field: String, _ address: String?, _ report: inout ValidationReport) {
        guard let address else { return }
        guard let place = AddressText.pci(address) else {
            return report.error(field, "\(address.quoted) is no PCI address: write one such as 0000:81:00.0")
        }
        let (domain, bus, slot) = (place[0], place[1], place[2])
        if domain != 0 {
            report.error(
                field, "\(address.quoted) is in PCI domain \(domain), and a guest has domain 0000 only: write that")
        } else if bus == 0, slot == 0 || slot == 31 {
            report.error(field, "\(address.quoted) belongs to the machine itself: write a slot from 01 to 1e")
        } else if let other = places[place] {
            report.error(field, "\(address.quoted) is the place of \(other) too: give each device one of its own")
        } else {
            places[place] = report.path
            // Buses beyond the first are root ports.
            guard bus > 0, slot > 0 else { return }
            report.warn(field, "\(address.quoted) is on a root port, which has slot 00 only: libvirt refuses another")
        }
    }

    mutating func checkACPIIndex(_ index: Int?, _ report: inout ValidationReport) {
        guard let index else { return }
        if !(1...16383).contains(index) {
            report.error("acpiIndex", "\(index) is no ACPI index: write a number from 1 to 16383")
        } else if !acpiIndexes.insert(index).inserted {
            report.error("acpiIndex", "\(index) is used twice: give each interface an index of its own")
        }
    }

    /// Two cards of one address work on two networks, and seldom on one.
    mutating func checkMAC(_ mac: [UInt8], _ text: String, _ report: inout ValidationReport) {
        if let other = macs[mac] {
            report.warn("macAddress", "\(text.quoted) is the address of \(other) too: give each interface its own")
        }
        macs[mac] = report.path
    }
}
