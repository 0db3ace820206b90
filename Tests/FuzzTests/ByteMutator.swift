import TestSupport

/// Changes bytes at random, the same way in every run: for headers and archives, and for texts whose reader must bear
/// what is no UTF-8.
struct ByteMutator {
    private(set) var random: SeededRandom
    private let donors: [[UInt8]]
    private let tokens: [[UInt8]]

    init(seed: UInt64, donors: [[UInt8]], tokens: [[UInt8]] = []) {
        random = SeededRandom(seed: seed)
        self.donors = donors
        self.tokens = tokens + Self.numbers
    }

    /// What is no UTF-8, or no more than half of it, and the edges of numbers of four and eight bytes in both orders.
    private static let numbers: [[UInt8]] = {
        var numbers: [[UInt8]] = [[0], [0xFF], [0x7F], [0x80], [0x0A], [0x0D, 0x0A], [0xFF, 0xFF], [0xC0, 0x80]]
        numbers += [[0xED, 0xA0, 0x80], [0xF4, 0x90], [0xEF, 0xBB, 0xBF]]
        for count in [4, 8] {
            let zeros = [UInt8](repeating: 0, count: count - 1)
            let ones = [UInt8](repeating: 0xFF, count: count - 1)
            numbers += [[0] + zeros, [0xFF] + ones, [0x7F] + ones, ones + [0x7F], [0x80] + zeros, zeros + [0x80]]
        }
        return numbers
    }()

    /// A donor with one to eight changes, fewer ones more often; one of 32 comes as it is.
    mutating func next() -> [UInt8] {
        var bytes = donors[draw(donors.count)]
        guard draw(32) > 0 else { return bytes }
        repeat { change(&bytes) } while draw(3) == 0
        return bytes
    }

    mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = pick(tokens) }
        let place = draw(bytes.count)
        let end = min(bytes.count, place + 1 + (draw(4) == 0 ? draw(bytes.count) : draw(16)))
        switch draw(12) {
        case 0, 1: bytes[place] ^= 1 << draw(8)
        case 2: bytes[place] = UInt8(draw(256))
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: draw(bytes.count))
        case 5: bytes.insert(contentsOf: pick(tokens), at: place)
        case 6, 7:
            let token = pick(tokens)
            bytes.replaceSubrange(place..<min(bytes.count, place + token.count), with: token)
        case 8: bytes.removeSubrange(place...)
        case 9:
            let donor = pick(donors)
            guard !donor.isEmpty else { return }
            let start = draw(donor.count)
            bytes.insert(contentsOf: donor[start..<min(donor.count, start + 1 + draw(64))], at: place)
        case 10: bytes.swapAt(place, draw(bytes.count))
        default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: 1 << draw(12)), at: place)
        }
    }

    mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[draw(list.count)] }
}
