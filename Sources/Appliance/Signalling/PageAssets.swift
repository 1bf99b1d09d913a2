internal import COpenSSL
internal import CPage
internal import CZlib
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// The page's files, which are part of the binary.
package struct PageAssets: Sendable {
    private final class Asset: Sendable {
        let type: String
        let tag: String
        /// Its path changes whenever it does.
        let isImmutable: Bool
        let body: ByteBuffer
        private let packed = Mutex<ByteBuffer??>(nil)

        init(_ path: String, _ bytes: [UInt8], isImmutable: Bool) {
            type = PageAssets.type(of: path)
            // Weak (RFC 9110 §8.8.1): the same for both codings.
            tag = "W/\"\(PageAssets.digest(bytes))\""
            self.isImmutable = isImmutable
            body = ByteBuffer(bytes: bytes)
        }

        /// The same in gzip's format (RFC 1952), where that is shorter.
        ///
        /// Made for whoever asks first: most files nobody asks for, and the room is there sooner.
        var compressed: ByteBuffer? {
            packed.withLock { packed in
                if let packed { return packed }
                let made = PageAssets.compress(Array(body.readableBytesView)).map { ByteBuffer(bytes: $0) }
                packed = .some(made)
                return made
            }
        }
    }

    private let assets: [String: Asset]
    /// Why the page is served file by file, in words; `nil` if it is served as one script and one sheet.
    package let problem: String?

    /// The page's own files, which were built in, by their path.
    package static var builtIn: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        // The table is constant and ends with an entry without a path.
        var next = unsafe CPage_files()
        while let file = unsafe next?.pointee, let path = unsafe file.path {
            let bytes = unsafe UnsafeBufferPointer(start: file.bytes, count: file.count)
            unsafe files[String(cString: path)] = Array(bytes)
            unsafe next = next?.successor()
        }
        return files
    }

    /// Files by their path below the page's root.
    ///
    /// They are served as one script and one style sheet (``PageBundle``) and, for whoever looks for a fault,
    /// one by one as they are.
    ///
    /// What pages of other sites import is one file, too, at an address that stays.
    ///
    /// - Parameter needsLink: The page asks nobody for a name who has not opened a link with a token.
    /// - Parameter hasCheck: Whether there is a page to test devices and connection on.
    /// - Parameter origins: Whose pages the page talks to that show it in a frame.
    package init(
        _ files: [String: [UInt8]] = builtIn,
        needsLink: Bool = false,
        hasCheck: Bool = true,
        origins: AllowedOrigins = AllowedOrigins()
    ) {
        var files = files
        if !hasCheck { files[Self.checkPath] = nil }
        let hasCheck = files[Self.checkPath] != nil
        // An origin has no character that would end the attribute.
        let marks =
            (needsLink ? " data-link=\"needed\"" : "") + (hasCheck ? "" : " data-check=\"off\"")
            + (origins.isEmpty ? "" : " data-origins=\"\(origins.all.joined(separator: " "))\"")
        var assets: [String: Asset] = [:]
        for page in Self.pages {
            guard let text = files[page], !marks.isEmpty else { continue }
            let marked = String(decoding: text, as: UTF8.self)
                .replacing("<html lang=\"en\"", with: "<html lang=\"en\"\(marks)", maxReplacements: 1)
            files[page] = Array(marked.utf8)
        }
        for (path, bytes) in files { assets[path] = Asset(path, bytes, isImmutable: false) }
        do throws(PageBundle.Problem) {
            let texts = files.mapValues { String(decoding: $0, as: UTF8.self) }
            for page in Self.pages where page == Self.pages[0] || files[page] != nil {
                try Self.add(page, of: texts, to: &assets)
            }
            if files[Self.libraryPath] != nil {
                let library = try PageBundle.module(Self.libraryPath, of: texts)
                assets[Self.libraryPath] = Asset(Self.libraryPath, Array(library.utf8), isImmutable: false)
            }
            problem = nil
        } catch {
            problem = error.description
        }
        self.assets = assets
    }

    /// The page of a room that is configured so.
    package init(_ configuration: Configuration, needsLink: Bool) {
        self.init(
            needsLink: needsLink,
            hasCheck: configuration.check.isOn,
            origins: configuration.allowedOrigins
        )
    }

    private static func add(
        _ page: String,
        of files: [String: String],
        to assets: inout [String: Asset]
    ) throws(PageBundle.Problem) {
        let bundle = try PageBundle(files, of: page, scriptPath: scriptPath, stylePath: stylePath)
        assets[page] = Asset(page, Array(bundle.index.utf8), isImmutable: false)
        let made = [scriptPath(bundle.script): bundle.script, stylePath(bundle.style): bundle.style]
        for (path, text) in made where !text.isEmpty {
            assets[path] = Asset(path, Array(text.utf8), isImmutable: true)
        }
    }

    /// The page to test devices and connection on.
    static let checkPath = "check.html"
    /// What pages of other sites import.
    package static let libraryPath = "client/deskroom-client.js"
    /// Each becomes a page with one script and one sheet.
    private static let pages = ["index.html", checkPath]

    func response(to request: Request, path: String) -> Response {
        guard let asset = assets[path] else {
            return Response(
                status: .notFound,
                headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: "There is nothing here.\n"))
            )
        }
        let compressed = asset.compressed
        var headers: HTTPFields = [.contentType: asset.type, .eTag: asset.tag]
        // `no-cache` lets a browser keep the file but ask each time: a new binary is a new page at once.
        headers[.cacheControl] = asset.isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
        if compressed != nil { headers[.vary] = "Accept-Encoding" }
        if request.headers[.ifNoneMatch]?.contains(asset.tag) == true {
            return Response(status: .notModified, headers: headers)
        }
        var body = asset.body
        if let compressed, Self.acceptsGzip(request) {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        headers[.contentLength] = String(body.readableBytes)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }

    /// RFC 9110 §12.5.3, as far as browsers go: gzip by its name, unless its weight is 0.
    private static func acceptsGzip(_ request: Request) -> Bool {
        guard let accepted = request.headers[.acceptEncoding] else { return false }
        return accepted.split(separator: ",").contains { one in
            let parts = one.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == "gzip" else { return false }
            return !parts.dropFirst().contains {
                $0.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) }
            }
        }
    }

    private static func scriptPath(_ text: String) -> String { "page-\(digest(Array(text.utf8))).js" }
    private static func stylePath(_ text: String) -> String { "page-\(digest(Array(text.utf8))).css" }

    /// Half of SHA-256, in hexadecimal digits.
    private static func digest(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        // The digest has the length that OpenSSL names.
        unsafe SHA256(bytes, bytes.count, &digest)
        return digest.prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        // One byte less: what does not get shorter is sent as it is.
        let capacity = max(0, bytes.count - 1)
        let compressed = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { space, count in
            // It writes at most `capacity` bytes.
            count = unsafe CZlib_gzip(bytes, bytes.count, space.baseAddress, capacity)
        }
        return compressed.isEmpty ? nil : compressed
    }

    private static func type(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "png": "image/png"
        case "svg": "image/svg+xml"
        case "woff2": "font/woff2"
        default: "application/octet-stream"
        }
    }
}
