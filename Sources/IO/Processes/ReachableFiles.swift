internal import Glibc

/// Which files a confined process may touch: all but some.
///
/// Landlock can only allow, and what it allows it allows with everything beneath. So the directories on the way to what is
/// hidden are allowed entry by entry; what is made in them later stays out of reach. Where programs must be free to make
/// files, nothing can be hidden therefore (``exposed``).
public struct ReachableFiles: Hashable, Sendable {
    /// Absolute paths of files and directories that are hidden.
    public var hidden: [String]
    /// Directories in which programs make files.
    public var open: [String]

    public init(hidden: [String] = [], open: [String] = []) {
        self.hidden = hidden.map(Self.resolved)
        self.open = open.map(Self.resolved).filter { $0 != "/" }
    }

    /// What ought to be hidden, and cannot be.
    public var exposed: [String] { hidden.filter { path in open.contains { Self.contains($0, path) } } }

    /// What is to be allowed, each with everything beneath it.
    ///
    /// - Parameter list: The entries of a directory, by name.
    package func allowed(listing list: (String) -> [String] = Self.entries) -> [String] {
        var allowed: [String] = []
        var next = ["/"]
        while let path = next.popLast() {
            if hidden.contains(path) { continue }
            if open.contains(path) || !hidden.contains(where: { Self.contains(path, $0) }) {
                allowed.append(path)
            } else {
                next += list(path).map { path == "/" ? "/" + $0 : path + "/" + $0 }
            }
        }
        return allowed
    }

    private static func contains(_ directory: String, _ path: String) -> Bool {
        directory == path || path.hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    /// Without links on the way, also to what is yet to be made.
    private static func resolved(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return path }
        return resolved(String(path[..<slash])) + path[slash...]
    }

    package static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
