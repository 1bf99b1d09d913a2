/// How much sooner than this process the kernel kills a program when memory runs out (`oom_score_adj`, proc(5)); of a thousand,
/// which stand for all the memory there is.
enum KillPreference {
    /// Tells the kernel, as far as it takes it: a number may always be raised.
    ///
    /// - Parameter base: This process's own number.
    static func set(_ preference: Int, of id: Int32, base: Int) {
        guard preference > 0 else { return }
        SystemFile.write("\(min(1_000, base + preference))", to: "/proc/\(id)/oom_score_adj")
    }

    static var ofProcess: Int {
        SystemFile.contents(of: "/proc/self/oom_score_adj").flatMap { Int($0.prefix { $0 != "\n" }) } ?? 0
    }
}
