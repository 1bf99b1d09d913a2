extension I420Frame {
    /// What is different in a macroblock, as 16 blocks of luma and 4 of each chroma, 16 pixels each, in the order of the
    /// standard; `false` if nothing is.
    func difference(
        from other: I420Frame,
        x: Int,
        y: Int,
        into residual: UnsafeMutablePointer<Int32>
    ) -> Bool {
        let (ours, theirs) = (planes, other.planes)
        var any: Int32 = 0
        for block in 0..<16 {
            let left = 16 * x + 4 * ((block & 1) + (block >> 2 & 1) * 2)
            let top = 16 * y + 4 * ((block >> 1 & 1) + (block >> 3) * 2)
            any |= Self.difference(
                ours.y,
                theirs.y,
                lumaStride,
                width,
                height,
                left,
                top,
                residual + 16 * block
            )
        }
        for block in 0..<4 {
            let (left, top) = (8 * x + 4 * (block % 2), 8 * y + 4 * (block / 2))
            let place = residual + 16 * (16 + block)
            any |= Self.difference(ours.u, theirs.u, chromaStride, width / 2, height / 2, left, top, place)
            any |= Self.difference(
                ours.v,
                theirs.v,
                chromaStride,
                width / 2,
                height / 2,
                left,
                top,
                place + 64
            )
        }
        return any != 0
    }

    private static func difference(
        _ ours: UnsafePointer<UInt8>,
        _ theirs: UnsafePointer<UInt8>,
        _ stride: Int,
        _ width: Int,
        _ height: Int,
        _ left: Int,
        _ top: Int,
        _ residual: UnsafeMutablePointer<Int32>
    ) -> Int32 {
        var any: Int32 = 0
        for row in 0..<4 {
            for column in 0..<4 {
                let place = (top + row) * stride + left + column
                // Beyond the edge both are the same.
                let isInside = top + row < height && left + column < width
                let value = isInside ? Int32(ours[place]) - Int32(theirs[place]) : 0
                residual[4 * row + column] = value
                any |= value
            }
        }
        return any
    }
}
