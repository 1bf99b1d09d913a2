import Glibc
import IO
import Testing

@Suite(.timeLimit(.minutes(1))) struct SeclusionTests {
    @Test func aSecludedProcessHasTheInternetAndNothingElse() throws {
        let program = try #require(Self.program)
        let pipe = try #require(popen(program, "r"))
        var text: [UInt8] = []
        while case let byte = getc(pipe), byte != EOF { text.append(UInt8(byte)) }
        #expect(pclose(pipe) == 0)
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let found = Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), CInt($0[1]) ?? -1) })
        let expected = [
            "unix": EAFNOSUPPORT, "pair": EPERM, "packet": EAFNOSUPPORT, "late": EAFNOSUPPORT, "internet": 0,
            "netlink": 0, "signal": EPERM, "spawn": EPERM, "exec": EPERM, "names": 0,
        ]
        #expect(found == expected)
    }

    /// `Tests/Secluded`, beside the tests.
    private static let program: String? = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        guard count > 0 else { return nil }
        let tests = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests.lastIndex(of: "/").map { tests[...$0] + "secluded" }
    }()
}
