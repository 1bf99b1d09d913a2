internal import CPage
internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page's files, which are part of the binary.
package struct PageAssets: Sendable {
    private struct Asset: Sendable {
        let type: String
        let tag: String
        let body: ByteBuffer
    }

    private let assets: [String: Asset]

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
    package init(_ files: [String: [UInt8]] = builtIn) {
        assets = files.reduce(into: [:]) { assets, file in
            let digest = SHA256.hash(data: file.value).prefix(8).map { String($0, radix: 16) }.joined(
                separator: "-"
            )
            assets[file.key] = Asset(
                type: Self.type(of: file.key),
                tag: "\"\(digest)\"",
                body: ByteBuffer(bytes: file.value)
            )
        }
    }

    func response(to request: Request, path: String) -> Response {
        guard let asset = assets[path] else {
            return Response(
                status: .notFound,
                headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: "There is nothing here.\n"))
            )
        }
        // `no-cache` lets a browser keep the file but ask each time: a new binary is a new page at once.
        var headers: HTTPFields = [.contentType: asset.type, .cacheControl: "no-cache", .eTag: asset.tag]
        if request.headers[.ifNoneMatch]?.contains(asset.tag) == true {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentLength] = String(asset.body.readableBytes)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.body))
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
