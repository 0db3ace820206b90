import HostModel
import Testing

@testable import Placement

@Suite struct CPUMaskTests {
    @Test(
        "a mask of ranges has the ids of the set",
        arguments: ["", "0", "63", "64", "0-63", "1-64", "62-65,127-129", "3,5-200,8191", "65535"])
    func ranges(_ list: String) throws {
        let set = try #require(CPUSet(list: list))
        #expect(CPUMask(set).ids == set.ids)
        #expect(CPUMask(set) == CPUMask(set.ids))
    }

    @Test("ids that no host has are left out")
    func bounds() {
        #expect(CPUMask(CPUSet([-70, -1, 5, 70_000, .max])).ids == [5])
        #expect(CPUMask([-1, 5, .max]).ids == [5])
        #expect(!CPUMask([5]).contains(-1) && !CPUMask([5]).contains(.max))
    }

    @Test("sets are combined bit by bit, whichever is longer")
    func combined() {
        let (short, long) = (CPUMask([1, 3]), CPUMask([3, 100]))
        #expect(long.subtracting(short) == CPUMask([100]) && short.subtracting(long) == CPUMask([1]))
        #expect(short.intersects(long) && !CPUMask([1]).intersects(long))
    }
}
