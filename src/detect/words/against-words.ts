/** Words that speak against a number beside them. */
export const againstWords =
  "version build release order invoice ticket batch tracking waybill sku serial isbn ean epoch " +
  "timestamp ts commit sha digest etag trace offset inode oid latitude longitude price qty " +
  "quantity upc gtin asin parcel shipment,part number,part no,case number,case id,case no," +
  "job id,job number,model number,request id,p n";

/** Words that may stand between a label and its value without changing what it says. */
export const neutralWords = "number numbers no nr num id ref is was code the my your our key value";
