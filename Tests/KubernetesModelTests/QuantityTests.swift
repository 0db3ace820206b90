import Testing

@testable import KubernetesModel

@Suite struct QuantityTests {
    @Test(
        "a quantity is read exactly",
        arguments: [
            ("0", 0), ("1", 1000), ("100m", 100), ("0.5", 500), (".5", 500), ("1.", 1000), ("+2", 2000), ("-2", -2000),
            ("1e3", 1_000_000), ("1E3", 1_000_000), ("1e-3", 1), ("1e+2", 100_000), ("1k", 1_000_000),
            ("1Ki", 1_024_000), ("1.5Ki", 1_536_000), ("2Gi", 2_147_483_648_000), ("1M", 1_000_000_000),
            ("1Ti", 1_099_511_627_776_000), ("1T", 1_000_000_000_000_000), ("1P", 1_000_000_000_000_000_000),
            ("1Pi", 1_125_899_906_842_624_000), ("1000u", 1), ("1000000n", 1), ("0.1", 100), ("0.3Gi", 322_122_547_200),
            ("007", 7000), ("9223372036854775807m", Int64.max), ("-9223372036854775807m", -Int64.max),
        ] as [(String, Int64)])
    func exact(text: String, milli: Int64) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.milli == milli)
        #expect(quantity.text == text)
    }

    @Test(
        "what is finer than a thousandth is rounded away from zero",
        arguments: [("1n", 1), ("1001u", 2), ("0.0001", 1), ("1.0001", 1001), ("-0.0001", -1), ("0.0001Ki", 103)]
            as [(String, Int64)])
    func finer(text: String, milli: Int64) { #expect(Quantity(text)?.milli == milli) }

    @Test(
        "what is no quantity, or holds no value, is refused",
        arguments: [
            "", " ", ".", "+", "-", "m", "Gi", "1 Gi", "1gi", "1GI", "1Gb", "1ki", "1K", "1.2.3", "--1", "+-1", "1e",
            "1ee3",
            "1e3Gi", "1Gi3", "1e3.5", "0x10", "1_000", "٣", "１", "1,5", "NaN", "inf", "1\n", "\u{0}",
        ])
    func refused(text: String) { #expect(Quantity(text) == nil) }

    @Test(
        "an amount beyond 2^63 thousandths is exact, and its thousandths stop at the greatest that fit",
        arguments: [
            ("9223372036854775808m", 9_223_372_036_854_775, 9_223_372_036_854_776),
            ("1E", 1_000_000_000_000_000_000, 1_000_000_000_000_000_000),
            ("9.3P", 9_300_000_000_000_000, 9_300_000_000_000_000), ("7Ei", 7 << 60, 7 << 60),
            ("9223372036854775807", Int64.max, Int64.max), ("-7Ei", -7 << 60, -7 << 60),
        ] as [(String, Int64, Int64)])
    func large(text: String, down: Int64, up: Int64) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.roundedDown == down && quantity.roundedUp == up)
        #expect(quantity.milli == (down < 0 ? .min : .max))
        #expect(quantity.text == text)
    }

    @Test(
        "an amount of 2^63 or more is too large, and says so",
        arguments: [
            "8Ei", "-8Ei", "9223372036854775808", "99999999999999999999", "1e30", "1e31", "1e999999999999999999999",
            "340282366920938463463374607431768211456Ei", "1e9223372036854775807",
        ])
    func tooLarge(text: String) {
        #expect(Quantity(text) == nil)
        var context = DecodingContext(path: "guest")
        #expect(Quantity.decode(.string(text), &context) == nil)
        #expect(
            context.issues.map(\.description) == ["guest: \"\(text)\" is too large: an amount is less than 8Ei"])
    }

    @Test("an amount next to nothing is rounded to a thousandth", arguments: ["1e-9223372036854775808", "1e-40"])
    func tiny(text: String) { #expect(Quantity(text)?.milli == 1) }

    @Test("nothing stays nothing, however it is scaled", arguments: ["0Ei", "0e999999", "0.000E", "-0"])
    func zero(text: String) { #expect(Quantity(text)?.thousandths == 0) }

    @Test("a quantity of a million letters is refused without being tried")
    func veryLong() {
        #expect(Quantity(String(repeating: "1", count: 1_000_000) + "!") == nil)
        #expect(Quantity("0." + String(repeating: "0", count: 1_000_000) + "1") == nil)
    }

    @Test(
        "whole units are rounded up or down on both sides of zero",
        arguments: [
            ("1500m", 2, 1), ("-1500m", -1, -2), ("2", 2, 2), ("-2", -2, -2), ("1m", 1, 0), ("-1m", 0, -1), ("0", 0, 0),
        ]
            as [(String, Int64, Int64)])
    func rounding(text: String, up: Int64, down: Int64) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.roundedUp == up)
        #expect(quantity.roundedDown == down)
    }

    @Test(
        "bytes are written in the largest unit that keeps them exact",
        arguments: [
            (0, "0"), (1, "1"), (1023, "1023"), (1024, "1Ki"), (1 << 20, "1Mi"), (1536 << 20, "1536Mi"),
            (3 << 30, "3Gi"),
            (-(1 << 20), "-1Mi"), ((1 << 30) + 1, "1073741825"),
        ] as [(Int64, String)])
    func bytes(bytes: Int64, text: String) {
        let quantity = Quantity(bytes: bytes)
        #expect(quantity.text == text)
        #expect(quantity.roundedDown == bytes)
    }

    @Test("thousandths of very many bytes stay at their bounds, and the bytes are exact")
    func saturates() {
        #expect(Quantity(bytes: .max).milli == .max && Quantity(bytes: .max).roundedDown == .max)
        #expect(Quantity(bytes: .min).milli == .min && Quantity(bytes: .min).roundedUp == .min)
    }

    @Test("a number and a string are both quantities, and other nodes are refused by their field")
    func decoding() {
        var context = DecodingContext(path: "spec.domain.memory.guest")
        #expect(Quantity.decode(.number(5), &context)?.milli == 5000)
        #expect(Quantity.decode(.string("5"), &context)?.milli == 5000)
        #expect(context.issues.isEmpty)
        #expect(Quantity.decode(.string("much"), &context) == nil)
        #expect(Quantity.decode(.bool(true), &context) == nil)
        #expect(Quantity.decode(.array([]), &context) == nil)
        #expect(
            context.issues.map(\.description) == [
                "spec.domain.memory.guest: \"much\" is not a quantity such as 512Mi, 2Gi or 500m",
                "spec.domain.memory.guest: true is not a quantity such as 512Mi, 2Gi or 500m",
                "spec.domain.memory.guest: a list is not a quantity such as 512Mi, 2Gi or 500m",
            ])
    }
}
