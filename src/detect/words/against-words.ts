/** Words that speak against a number beside them. */
export const againstWords =
  "section sections clause article paragraph chapter annex v version build release order invoice ticket batch tracking waybill sku serial isbn ean epoch " +
  "timestamp ts commit sha digest etag trace offset inode oid latitude longitude price qty " +
  "quantity upc gtin asin parcel shipment row page uuid guid hash checksum,part number,part no,case number,case id,case no,object identifier," +
  "job id,job number,model number,request id,p n";

/** Words that may stand between a label and its value without changing what it says. */
export const neutralWords = "number numbers no nr num id ref is was code the my your our key value";
