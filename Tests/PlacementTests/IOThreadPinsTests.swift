import HostModel
import Placement
import Testing

@Suite struct IOThreadPinsTests {
    @Test(
        "threads are spread over the vCPUs' own CPUs",
        arguments: [
            (3, Array(0..<8), ["0-2", "3-5", "6-7"]), (2, [4, 20, 5, 21], ["4-5", "20-21"]),
            (4, [4, 20, 5, 21], ["5", "20", "21", "4"]), (6, [7, 9], ["9", "7", "9", "7", "9", "7"]),
            (1, [4, 5], ["4-5"]), (0, [4], []), (2, [], []), (1, [3], ["3"]),
        ])
    func spread(_ count: Int, _ cpus: [Int], _ pins: [String]) {
        #expect(IOThreadPins.make(count: count, cpus: cpus).map(\.description) == pins)
    }

    @Test("an isolated emulator thread takes all I/O threads with it")
    func isolated() {
        let pins = IOThreadPins.make(count: 3, cpus: [4, 5], emulator: CPUSet([6, 22]))
        #expect(pins.map(\.description) == ["6,22", "6,22", "6,22"])
    }
}
