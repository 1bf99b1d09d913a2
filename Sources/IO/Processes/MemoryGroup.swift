/// What the kernel says of the memory that this process and all others of its control group may use (cgroups(7)): in a
/// container, the container's.
public struct MemoryGroup: Sendable {
    private let limitFile: String
    private let eventsFile: String
    private let read: @Sendable (String) -> String?

    /// `nil` where there is no such group.
    ///
    /// - Parameter read: The beginning of a file; `nil` if it cannot be read.
    public init?(reading read: @escaping @Sendable (String) -> String? = { SystemFile.contents(of: $0) }) {
        for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
            // "0::/path" of the one hierarchy of version 2, "4:memory:/path" of version 1; seen from inside a namespace of its
            // own the group may be the root of what is there.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isOld = fields[1].split(separator: ",").contains("memory")
            guard isOld || fields[0] == "0" else { continue }
            let root = "/sys/fs/cgroup" + (isOld ? "/memory" : "")
            let names =
                isOld ? ("memory.limit_in_bytes", "memory.oom_control") : ("memory.max", "memory.events")
            for directory in [root + (fields[2] == "/" ? "" : fields[2]), root]
            where read("\(directory)/\(names.1)") != nil {
                limitFile = "\(directory)/\(names.0)"
                eventsFile = "\(directory)/\(names.1)"
                self.read = read
                return
            }
        }
        return nil
    }

    /// Bytes; `nil`: as much as there is.
    public var limit: Int? {
        let number = read(limitFile)?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
        // Without a limit version 1 says a number that no machine has.
        return number.flatMap { $0 < 1 << 60 ? $0 : nil }
    }

    /// How many processes the kernel has killed because their memory ran out.
    public var kills: Int {
        for line in (read(eventsFile) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) ?? 0 }
        }
        return 0
    }
}
