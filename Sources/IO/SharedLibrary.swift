internal import CLinux
internal import Glibc

/// A library that is linked at run time.
public enum SharedLibrary {
    /// The directory of the library that has this function, links resolved; `nil` if no library has it.
    public static func directory(ofFunction name: String) -> String? {
        guard let function = dlsym(nil, name), let file = CLinux_file_of(function),
            let path = realpath(file, nil)
        else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }
}
