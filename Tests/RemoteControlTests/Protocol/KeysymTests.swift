import RemoteControl
import Testing

@Suite struct KeysymTests {
    @Test func charactersAndKeysExist() {
        for value: UInt32 in [
            0x20, 0x61, 0x7e, 0xe9, 0x6d6, 0x20ac, 0xfe03, 0xff0d, 0xffe1, 0xffff, 0x0100_0436,
            0x0101_f600, 0x1008_ff12,
        ] {
            #expect(Keysym(rawValue: value)?.rawValue == value)
        }
    }

    @Test func valuesWithoutMeaningAndServerCommandsDoNotExist() {
        // Terminate the server, switch to a virtual terminal, break grabs, surrogates, past Unicode.
        for value: UInt32 in [
            0, 1, 0x1f, 0x7f, 0x9f, 0xfed5, 0x1008_fe01, 0x1008_fe21, 0x0100_d800, 0x0100_dfff,
            0x0111_0000, 0x1fff_ffff, 0xffff_ffff,
        ] {
            #expect(Keysym(rawValue: value) == nil, "\(value)")
        }
    }

    @Test func charactersHaveOneKeysym() {
        #expect(Keysym("a")?.rawValue == 0x61)
        #expect(Keysym("é")?.rawValue == 0xe9)
        #expect(Keysym("€")?.rawValue == 0x0100_20ac)
        #expect(Keysym("\n")?.rawValue == 0xff0d)
        #expect(Keysym("中")?.character == "中")
        #expect(Keysym(rawValue: 0xff0d)?.character == nil)
    }
}
