internal import CX11
internal import Glibc

/// Fetches pixels of the root window: through shared memory, or over the connection where there is none.
struct ScreenReader: ~Copyable {
    private let display: OpaquePointer
    private let root: Window
    private var segment: Segment?

    init(display: OpaquePointer, root: Window) {
        self.display = display
        self.root = root
    }

    /// Makes room for rectangles of up to `width` × `height` pixels.
    mutating func resize(width: Int, height: Int) {
        let byteCount = width * height * 4
        // One that is far too large gives its memory back.
        if let segment, segment.byteCount >= byteCount, segment.byteCount <= 2 * byteCount { return }
        segment.take()?.detach(display)
        segment = Segment(display, byteCount: byteCount)
    }

    /// Gives `body` the pixels of `rect`, 32 bits each (B, G, R, unused), and the bytes from one row to the
    /// next.
    ///
    /// - Returns: `false` if the server refused, as it does when the rectangle lies outside of a screen that
    ///   shrank.
    mutating func read(_ rect: PixelRect, _ body: (UnsafePointer<UInt8>, _ stride: Int) -> Void) -> Bool {
        if segment != nil {
            if readShared(rect, body) { return true }
            // Perhaps the segment was never attached; the connection works either way.
            segment.take()?.detach(display)
        }
        guard
            let image = XGetImage(
                display,
                root,
                CInt(rect.x),
                CInt(rect.y),
                CUnsignedInt(rect.width),
                CUnsignedInt(rect.height),
                .max,
                ZPixmap
            )
        else { return false }
        defer { _ = image.pointee.f.destroy_image(image) }
        guard let data = image.pointee.data, image.pointee.bits_per_pixel == 32 else { return false }
        data.withMemoryRebound(to: UInt8.self, capacity: Int(image.pointee.bytes_per_line) * rect.height) {
            body($0, Int(image.pointee.bytes_per_line))
        }
        return true
    }

    mutating func close() {
        segment.take()?.detach(display)
    }

    private mutating func readShared(
        _ rect: PixelRect,
        _ body: (UnsafePointer<UInt8>, _ stride: Int) -> Void
    ) -> Bool {
        guard let segment, rect.area * 4 <= segment.byteCount else { return false }
        // The header says how much to fetch and where to; making one is an allocation, no request.
        guard
            let image = XShmCreateImage(
                display,
                CX11_DefaultVisual(display),
                CUnsignedInt(CX11_DefaultDepth(display)),
                ZPixmap,
                segment.address.assumingMemoryBound(to: CChar.self),
                segment.info,
                CUnsignedInt(rect.width),
                CUnsignedInt(rect.height)
            )
        else { return false }
        defer { _ = image.pointee.f.destroy_image(image) }
        guard XShmGetImage(display, root, image, CInt(rect.x), CInt(rect.y), .max) != 0 else { return false }
        body(segment.address.assumingMemoryBound(to: UInt8.self), Int(image.pointee.bytes_per_line))
        return true
    }
}

/// A System V shared memory segment that the X server writes and we read.
private struct Segment {
    let address: UnsafeMutableRawPointer
    let byteCount: Int
    /// Xlib keeps this pointer in the images made from it.
    let info: UnsafeMutablePointer<XShmSegmentInfo>

    /// `nil` if the server cannot share memory with us: it runs on another machine or in another namespace.
    init?(_ display: OpaquePointer, byteCount: Int) {
        guard XShmQueryExtension(display) != 0 else { return nil }
        let id = shmget(0, byteCount, IPC_CREAT | 0o600)
        guard id >= 0 else { return nil }
        guard let address = shmat(id, nil, 0), Int(bitPattern: address) != -1 else {
            shmctl(id, IPC_RMID, nil)
            return nil
        }
        self.address = address
        self.byteCount = byteCount
        info = .allocate(capacity: 1)
        info.initialize(
            to: XShmSegmentInfo(
                shmseg: 0,
                shmid: id,
                shmaddr: address.assumingMemoryBound(to: CChar.self),
                readOnly: 0
            )
        )
        let errors = XErrors.count
        let attached = XShmAttach(display, info)
        XSync(display, 0)
        // Marked now, so that the kernel frees it however the process ends; it lives while somebody is
        // attached.
        shmctl(id, IPC_RMID, nil)
        guard attached != 0, XErrors.count == errors else {
            release()
            return nil
        }
    }

    func detach(_ display: OpaquePointer) {
        XShmDetach(display, info)
        XSync(display, 0)
        release()
    }

    private func release() {
        shmdt(address)
        info.deallocate()
    }
}
